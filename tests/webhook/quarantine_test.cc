#include "server/inbox/quarantine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "server/base/ingress_limits.h"
#include "server/store/memory/memory_store.h"
#include "tests/webhook/fixed_calls.h"
#include "webhook/translate.h"

namespace callbridge::inbox {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const base::Time kQuarantineNow = base::Time(std::chrono::seconds(1'768'478'400));
constexpr char kRinging[] =
    R"({"type":"CALL_RINGING","callId":"c1","timestamp":"2026-01-15T12:00:00.000+0000"})";

class QuarantineTest : public testing::Test {
 protected:
  // Set aside by an older version that could read none of these.
  void SetAside(const std::vector<std::string>& bodies) {
    std::vector<internal::v1::InboxItem> items;
    for (const std::string& body : bodies) {
      internal::v1::Quarantined& item = *items.emplace_back().mutable_quarantined();
      item.set_body(body);
      *item.mutable_receive_time() = base::ToTimestamp(kQuarantineNow);
    }
    ASSERT_TRUE(intake_.Append(items, kQuarantineNow).ok());
  }

  std::vector<std::string> Bodies(int page_size = 100) {
    std::vector<std::string> bodies;
    internal::v1::ListQuarantineRequest request;
    request.set_page_size(page_size);
    do {
      const auto page = quarantine_.List(request);
      EXPECT_TRUE(page.ok()) << page.status();
      for (const auto& item : page->items()) bodies.push_back(item.body());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return bodies;
  }

  std::vector<std::int64_t> Ids() {
    std::vector<std::int64_t> ids;
    const auto page = quarantine_.List({});
    EXPECT_TRUE(page.ok()) << page.status();
    for (const auto& item : page->items()) ids.push_back(item.id());
    return ids;
  }

  std::unique_ptr<store::Store> store_ = store::MakeMemoryStore();
  FixedCalls calls_{"442079460001"};
  Intake intake_{{"bridge", "bridge-prod"}, *store_, calls_};
  base::ManualClock clock_{kQuarantineNow};
  Quarantine quarantine_{intake_, *store_, clock_, webhook::Translate};
};

TEST_F(QuarantineTest, ShowsTheNewestFirstInPagesOfAnySize) {
  SetAside({"1", "2", "3", "4", "5"});
  for (int size = 1; size <= 6; ++size) {
    EXPECT_THAT(Bodies(size), ElementsAre("5", "4", "3", "2", "1")) << size;
  }
}

TEST_F(QuarantineTest, KeepsAPageOfLargeBodiesBelowWhatClientsTake) {
  const std::string large(base::kQuarantineBodyBytesMax, 'x');
  SetAside(std::vector<std::string>(100, large));
  const auto page = quarantine_.List({});
  ASSERT_TRUE(page.ok());
  EXPECT_LT(page->ByteSizeLong(), 4U * 1024 * 1024);
  EXPECT_EQ(page->total(), 100);
  EXPECT_EQ(Bodies().size(), 100U);
}

TEST_F(QuarantineTest, FillsAPageToTheLastByte) {
  constexpr std::size_t kPageBytesMax = 3 * 1024 * 1024;
  const std::string large(65'000, 'x');
  SetAside(std::vector<std::string>(kPageBytesMax / large.size(), large));
  const auto before = quarantine_.List({});
  ASSERT_TRUE(before.ok()) << before.status();
  ASSERT_EQ(before->next_page_token(), "");
  std::size_t left = kPageBytesMax;
  for (const auto& item : before->items()) left -= item.ByteSizeLong();
  const std::size_t besides_its_body = before->items(0).ByteSizeLong() - large.size();
  for (const std::size_t beyond : {0U, 1U}) {
    SetAside({std::string(left - besides_its_body + beyond, 'x')});
    const auto page = quarantine_.List({});
    ASSERT_TRUE(page.ok()) << page.status();
    ASSERT_EQ(page->items(0).ByteSizeLong(), left + beyond);
    EXPECT_EQ(page->next_page_token() != "", beyond > 0);
    internal::v1::DismissQuarantinedRequest newest;
    newest.add_ids(page->items(0).id());
    ASSERT_TRUE(quarantine_.Dismiss(newest).ok());
  }
}

TEST_F(QuarantineTest, RefusesTokensAndIdsThatAreNoneOfOurs) {
  for (const char* token : {"x", "-1", "0", "1.5", " "}) {
    internal::v1::ListQuarantineRequest request;
    request.set_page_token(token);
    EXPECT_TRUE(absl::IsInvalidArgument(quarantine_.List(request).status())) << token;
  }
  internal::v1::DismissQuarantinedRequest many;
  for (int id = 0; id <= base::kInboxBatchMax; ++id) many.add_ids(id);
  EXPECT_TRUE(absl::IsInvalidArgument(quarantine_.Dismiss(many).status()));
}

TEST_F(QuarantineTest, ReplaysWhatIsReadableNowAndLeavesTheRest) {
  SetAside({"not json", kRinging});
  internal::v1::ReplayQuarantinedRequest request;
  for (const std::int64_t id : Ids()) request.add_ids(id);
  for (const std::int64_t id : {INT64_MAX, INT64_MIN, std::int64_t{0}, std::int64_t{999}}) {
    request.add_ids(id);
  }
  const auto replayed = quarantine_.Replay(request);
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  EXPECT_EQ(replayed->replayed(), 1);
  EXPECT_THAT(replayed->unreadable_ids(), ElementsAre(request.ids(1)));
  EXPECT_THAT(Bodies(), ElementsAre("not json"));
  EXPECT_EQ(store_->Count()->parked, 1);
  const auto again = quarantine_.Replay(request);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->replayed(), 0);
  EXPECT_EQ(store_->Count()->parked, 1);
}

TEST_F(QuarantineTest, DismissesWhatIsNamed) {
  SetAside({"1", "2"});
  internal::v1::DismissQuarantinedRequest request;
  request.add_ids(Ids().front());
  EXPECT_EQ(quarantine_.Dismiss(request)->dismissed(), 1);
  EXPECT_EQ(quarantine_.Dismiss(request)->dismissed(), 0);
  EXPECT_THAT(Bodies(), ElementsAre("1"));
}

}  // namespace
}  // namespace callbridge::inbox
