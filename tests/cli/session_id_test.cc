#include "client/cli/session_id.h"

#include <absl/strings/str_format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/fake_service.h"

namespace callbridge::cli {
namespace {

using ::testing::HasSubstr;

class FindSessionIdTest : public ::testing::Test {
 protected:
  void List(const std::vector<std::string>& ids) {
    std::vector<v1::Session> sessions(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) sessions[i].set_session_id(ids[i]);
    service_.SetListed(sessions);
  }

  absl::StatusOr<std::string> Find(const std::string& text) {
    client::Client client(service_.channel());
    return FindSessionId(client, text);
  }

  client::FakeService service_;
};

TEST_F(FindSessionIdTest, TakesAWholeIdAsItIsAndAsksForNothing) {
  service_.AddFailure({grpc::StatusCode::INTERNAL, "not to be asked"});
  EXPECT_EQ(*Find("s_01JD0000000000000000ABCDEF"), "s_01JD0000000000000000ABCDEF");
  EXPECT_EQ(*Find("s_"), "s_");
}

TEST_F(FindSessionIdTest, FindsAnEndOfSixCharactersOrMoreOnAnyPageInEitherCase) {
  List({"s_01JD0000000000000000AAAAAA", "s_01JD0000000000000000ABCDEF",
        "s_01JD0000000000000000BBBBBB"});
  for (const std::string text : {"ABCDEF", "abcdef", "0ABCDEF", "01JD0000000000000000ABCDEF"}) {
    EXPECT_EQ(Find(text).value_or(""), "s_01JD0000000000000000ABCDEF") << text;
  }
  EXPECT_EQ(Find("BBBBBB").value_or(""), "s_01JD0000000000000000BBBBBB");
}

TEST_F(FindSessionIdTest, RefusesWhatFitsTwoAndNamesBoth) {
  List({"s_01JD0000000000000001ABCDEF", "s_01JD0000000000000000ABCDEF"});
  const absl::Status status = Find("ABCDEF").status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("s_01JD0000000000000001ABCDEF"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("s_01JD0000000000000000ABCDEF"));
  EXPECT_EQ(*Find("1ABCDEF"), "s_01JD0000000000000001ABCDEF");
}

TEST_F(FindSessionIdTest, RefusesWhatIsTooShortOrFitsNone) {
  List({"s_01JD0000000000000000ABCDEF"});
  EXPECT_TRUE(absl::IsInvalidArgument(Find("BCDEF").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Find("").status()));
  EXPECT_TRUE(absl::IsNotFound(Find("ABCDEG").status()));
  // The beginning of an id is no end of it.
  EXPECT_TRUE(absl::IsNotFound(Find("01JD0000").status()));
}

TEST_F(FindSessionIdTest, LooksAtTheNewestThousandOnly) {
  std::vector<std::string> ids;
  for (int i = 0; i < kShortIdSearchMax + 1; ++i) ids.push_back(absl::StrFormat("s_%026d", i));
  List(ids);
  EXPECT_EQ(*Find(ids[kShortIdSearchMax - 1].substr(20)), ids[kShortIdSearchMax - 1]);
  EXPECT_TRUE(absl::IsNotFound(Find(ids[kShortIdSearchMax].substr(20)).status()));
}

TEST_F(FindSessionIdTest, HandsOnWhatTheListFailsWith) {
  service_.AddFailure({grpc::StatusCode::PERMISSION_DENIED, "no"});
  EXPECT_TRUE(absl::IsPermissionDenied(Find("ABCDEF").status()));
}

}  // namespace
}  // namespace callbridge::cli
