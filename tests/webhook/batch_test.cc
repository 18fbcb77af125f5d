// A batch of which one element cannot be read or stored, and which the provider repeats: no element
// is lost, and none is stored twice.
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/base/ingress_limits.h"
#include "server/inbox/intake.h"
#include "server/store/memory/memory_store.h"
#include "tests/webhook/fixed_calls.h"
#include "webhook/translate.h"

namespace callbridge::inbox {
namespace {

using internal::v1::InboxItem;

const base::Time kBatchNow = base::Time(std::chrono::seconds(1'768'478'400));

// A store's inbox that fails when the test says so: before a call takes effect, or after it, as if
// its answer was lost.
class FailingInbox final : public store::Inbox {
 public:
  enum class Fault { kNone, kBefore, kAfter };

  explicit FailingInbox(store::Inbox& inbox) : inbox_(inbox) {}

  // Of the next call of each method.
  Fault append = Fault::kNone;
  Fault quarantine = Fault::kNone;

  absl::StatusOr<std::vector<store::Appended>> AppendInputs(
      const std::vector<store::NewInput>& inputs, base::Time now) override {
    return With(append, [&] { return inbox_.AppendInputs(inputs, now); });
  }
  absl::StatusOr<int> Quarantine(const std::vector<InboxItem>& items, base::Time now) override {
    return With(quarantine, [&] { return inbox_.Quarantine(items, now); });
  }
  absl::StatusOr<std::vector<internal::v1::Quarantined>> ListQuarantine(std::int64_t before_id,
                                                                        int limit) override {
    return inbox_.ListQuarantine(before_id, limit);
  }
  absl::StatusOr<int> DropQuarantined(const std::vector<std::int64_t>& ids) override {
    return inbox_.DropQuarantined(ids);
  }

 private:
  template <typename Call>
  auto With(Fault& fault, const Call& call) -> decltype(call()) {
    const Fault now = std::exchange(fault, Fault::kNone);
    if (now == Fault::kBefore) return absl::UnavailableError("the disk is full");
    auto result = call();
    if (now == Fault::kAfter) return absl::UnavailableError("the answer was lost");
    return result;
  }

  store::Inbox& inbox_;
};

constexpr char kTimeless[] = R"({"type":"CALL_RINGING","callId":"timeless"})";

std::string RingingAt(const std::string& call, const std::string& second) {
  return absl::StrCat(R"({"type":"CALL_RINGING","callId":")", call,
                      R"(","timestamp":"2026-01-15T12:00:)", second, R"(Z"})");
}

std::string BatchOf(const std::vector<std::string>& elements) {
  std::string batch;
  for (const std::string& element : elements) {
    absl::StrAppend(&batch, batch.empty() ? "[" : ",", element);
  }
  return batch + "]";
}

std::vector<InboxItem> ItemsOf(const std::string& body) {
  auto items = webhook::Translate(body, kBatchNow);
  EXPECT_TRUE(items.ok()) << items.status();
  return *std::move(items);
}

// Receivers of resold accounts take it (docs/provider.md §7.4).
TEST(Batch, MayBeAnObjectWithResultsLikeTheArrayInIt) {
  const std::string one =
      R"({"type":"CALL_RINGING","callId":"a","timestamp":"2026-01-15T12:00:00Z"})";
  for (const std::string& body :
       {"{\"results\":[" + one + ",17]}", "{ \"results\" : [ " + one + " , 17 ] }\n",
        "{\"a\":{\"results\":[1]},\"b\":\"results\",\"c\":[2],\"results\":[" + one +
            ",17],\"d\":[3]}",
        "{\"x\":\"]}\\\"\",\"type\":null,\"results\":[" + one + ",17]}"}) {
    const std::vector<InboxItem> items = ItemsOf(body);
    ASSERT_EQ(items.size(), 2u) << body;
    EXPECT_EQ(items[0].event().call_id(), "a") << body;
    EXPECT_EQ(items[0].dedupe_key(), ItemsOf(one)[0].dedupe_key()) << body;
    EXPECT_EQ(items[1].quarantined().body(), "17") << body;
  }
  EXPECT_TRUE(ItemsOf(R"({"results":[]})").empty());
  // An event that has such a member is an event, and anything else is set aside as a whole.
  EXPECT_EQ(ItemsOf(R"({"type":"X","results":[1,2]})").at(0).event().type_name(), "X");
  for (const char* body : {R"({"results":{"type":"X"}})", R"({"results":null})",
                           R"({"events":[{"type":"X"}]})", R"({"results":[)"}) {
    const std::vector<InboxItem> items = ItemsOf(body);
    ASSERT_EQ(items.size(), 1u) << body;
    EXPECT_EQ(items[0].quarantined().body(), body);
  }
  std::string many = "{\"results\":[1";
  for (int i = 0; i < base::kInboxBatchMax; ++i) many += ",1";
  EXPECT_EQ(webhook::Translate(many + "]}", kBatchNow).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(Batch, GivesAnElementWithoutATimeAKeyByItsPlace) {
  const std::string timed =
      R"({"type":"CALL_RINGING","callId":"a","timestamp":"2026-01-15T12:00:00Z"})";
  const std::string other =
      R"({"type":"CALL_RINGING","callId":"a","timestamp":"2026-01-15T12:00:01Z"})";
  const std::string timeless = R"({"type":"CALL_RINGING","callId":"b"})";
  const std::string batch = "[" + timed + "," + timeless + "," + timeless + ",17]";
  const std::vector<InboxItem> items = ItemsOf(batch);
  ASSERT_EQ(items.size(), 4u);
  std::set<std::string> keys;
  for (const InboxItem& item : items) {
    EXPECT_EQ(item.dedupe_key().size(), 16u);
    keys.insert(item.dedupe_key());
  }
  EXPECT_EQ(keys.size(), 4u);
  for (std::size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(ItemsOf("\n" + batch)[i].dedupe_key(), items[i].dedupe_key()) << i;
  }
  // Another batch is another time.
  EXPECT_FALSE(keys.contains(ItemsOf("[" + other + "," + timeless + "]")[1].dedupe_key()));
  // Without any time two equal batches may be two batches.
  for (const InboxItem& item : ItemsOf("[" + timeless + ",17]")) EXPECT_EQ(item.dedupe_key(), "");
}

class BatchTest : public testing::Test {
 protected:
  bool Deliver(const std::string& body) {
    const auto items = webhook::Translate(body, kBatchNow);
    EXPECT_TRUE(items.ok()) << items.status();
    return intake_.Append(*items, kBatchNow).ok();
  }
  std::vector<std::string> SetAside() {
    std::vector<std::string> bodies;
    const auto items = store_->ListQuarantine(0, 100);
    EXPECT_TRUE(items.ok()) << items.status();
    for (const auto& item : *items) bodies.push_back(item.body());
    return bodies;
  }

  std::unique_ptr<store::Store> store_ = store::MakeMemoryStore();
  FailingInbox inbox_{*store_};
  FixedCalls calls_{"442079460001"};
  Intake intake_{
      {"bridge", "bridge-prod"},
      store::Roles<store::Inbox, store::Sessions>(inbox_, static_cast<store::Sessions&>(*store_)),
      calls_};
};

// The unreadable element stands at each place; storing fails in each way; and then the provider
// repeats the batch until it is taken, and once more because that answer was lost too.
TEST(Batch, IsStoredElementByElementOnceWhateverFails) {
  using Fault = FailingInbox::Fault;
  for (std::size_t bad = 0; bad < 4; ++bad) {
    for (const Fault append : {Fault::kNone, Fault::kBefore, Fault::kAfter}) {
      for (const Fault quarantine : {Fault::kNone, Fault::kBefore, Fault::kAfter}) {
        SCOPED_TRACE(
            absl::StrCat(bad, " ", static_cast<int>(append), " ", static_cast<int>(quarantine)));
        const std::unique_ptr<store::Store> store = store::MakeMemoryStore();
        FailingInbox inbox(*store);
        const FixedCalls calls("442079460001");
        Intake intake({"bridge", "bridge-prod"},
                      store::Roles<store::Inbox, store::Sessions>(
                          inbox, static_cast<store::Sessions&>(*store)),
                      calls);
        std::vector<std::string> elements = {RingingAt("a", "01"), kTimeless, RingingAt("b", "02")};
        elements.insert(elements.begin() + static_cast<std::ptrdiff_t>(bad), "{\"type\":null}");
        inbox.append = append;
        inbox.quarantine = quarantine;
        int deliveries = 0;
        const auto deliver = [&] {
          ++deliveries;
          const auto items = webhook::Translate(BatchOf(elements), kBatchNow);
          EXPECT_TRUE(items.ok()) << items.status();
          return intake.Append(*items, kBatchNow).ok();
        };
        while (!deliver()) ASSERT_LT(deliveries, 4);
        EXPECT_EQ(deliveries, 1 + (append != Fault::kNone) + (quarantine != Fault::kNone));
        EXPECT_TRUE(deliver());
        EXPECT_EQ(store->Count()->parked, 3);
        const auto aside = store->ListQuarantine(0, 100);
        ASSERT_TRUE(aside.ok());
        ASSERT_EQ(aside->size(), 1u);
        EXPECT_EQ(aside->front().body(), "{\"type\":null}");
      }
    }
  }
}

TEST_F(BatchTest, OfWhichAPartCameBeforeAddsTheRest) {
  EXPECT_TRUE(Deliver(RingingAt("a", "01")));
  EXPECT_TRUE(Deliver(BatchOf({RingingAt("a", "01"), "17", RingingAt("b", "02")})));
  EXPECT_TRUE(Deliver(BatchOf({RingingAt("b", "02"), RingingAt("c", "03"), RingingAt("c", "03")})));
  EXPECT_EQ(store_->Count()->parked, 3);
  EXPECT_THAT(SetAside(), testing::ElementsAre("17"));
  EXPECT_EQ(intake_.counters().duplicates, 3);
  EXPECT_EQ(intake_.counters().quarantined, 1);
}

// What is set aside and read by a later version goes into the inbox: the key by which it was known
// in the quarantine is not that of its event.
TEST_F(BatchTest, KeepsTheQuarantinesKeysApartFromThoseOfEvents) {
  EXPECT_TRUE(Deliver(BatchOf({RingingAt("a", "01"), "17"})));
  const auto quarantined = webhook::Translate(BatchOf({RingingAt("a", "01"), "17"}), kBatchNow);
  const auto alone = webhook::Translate(RingingAt("a", "01"), kBatchNow);
  ASSERT_TRUE(quarantined.ok() && alone.ok());
  EXPECT_NE((*quarantined)[1].dedupe_key(), (*alone)[0].dedupe_key());
  EXPECT_TRUE(Deliver("17"));
  EXPECT_TRUE(Deliver("17"));
  // A body that is not part of a batch, and has no time, may be two events.
  EXPECT_THAT(SetAside(), testing::ElementsAre("17", "17", "17"));
}

}  // namespace
}  // namespace callbridge::inbox
