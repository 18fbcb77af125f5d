// Lists of more than one page.
#include <absl/strings/str_format.h>
#include <gmock/gmock.h>

#include "server/base/limits.h"
#include "tests/admin/admin_fixture.h"

namespace callbridge::admin {
namespace {

using testing::HasSubstr;

TEST_F(AdminTest, FindsWhatItMadeOnThePageAfterThoseOfOthers) {
  for (int i = 0; i <= base::kLookupPageSize; ++i) {
    const simulator::Response made =
        Ask("POST", "/subscriptions/1/security",
            absl::StrFormat(R"({"authId":"of-others-%d","type":"BASIC",)"
                            R"("credentials":{"username":"user","password":"pass-%d"}})",
                            i, i));
    ASSERT_EQ(made.status, 201) << made.body;
  }
  EXPECT_THAT(Run({"setup"}).out, HasSubstr("5 created"));
  const Result again = Run({"setup"});
  EXPECT_EQ(again.status, ExitStatus::kOk) << again.err;
  EXPECT_THAT(again.out, HasSubstr("Nothing was changed."));
}

}  // namespace
}  // namespace callbridge::admin
