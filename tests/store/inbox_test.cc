// Correlation, parking, duplicates and request_ids.
#include <absl/strings/str_format.h>

#include "tests/store/store_fixture.h"

namespace callbridge::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Result = Appended::Result;

class InboxTest : public StoreTest {
 protected:
  // A running session whose caller has this call and which has this conference.
  void RunWith(const std::string& session_id, const std::string& call_id,
               const std::string& conference_id) {
    Begin(session_id);
    SessionCommit commit = StepOf(Load(session_id));
    if (!call_id.empty()) commit.session.add_legs()->set_call_id(call_id);
    commit.session.mutable_conference()->set_conference_id(conference_id);
    ASSERT_TRUE(Commit(commit).ok());
  }
};

TEST_P(InboxTest, TakesTheSessionThatIsKnownForCertainBeforeAllElse) {
  RunWith("s_call", "call-1", "");
  Run("s_certain");
  NewInput input = CallEvent("call-1");
  input.session_id = "s_certain";
  const Appended appended = Append(input);
  EXPECT_EQ(appended.result, Result::kStored);
  EXPECT_EQ(appended.session_id, "s_certain");
  EXPECT_GT(appended.input_id, 0);
}

TEST_P(InboxTest, CorrelatesByCallThenHintThenConference) {
  RunWith("s_call", "call-1", "");
  RunWith("s_conference", "", "conference-1");
  Run("s_hinted");
  NewInput input = CallEvent("call-1");
  input.session_hint = "s_hinted";
  input.conference_id = "conference-1";
  input.creates_session_id = "s_new";
  EXPECT_EQ(Append(input).session_id, "s_call");
  input.call_id = "another";
  EXPECT_EQ(Append(input).session_id, "s_hinted");
  input.session_hint = "s_nobody";
  EXPECT_EQ(Append(input).session_id, "s_conference");
  input.conference_id = "another";
  EXPECT_EQ(Append(input).session_id, "s_new");
}

TEST_P(InboxTest, ASecondCreatingInputMeetsTheSessionOfTheFirst) {
  NewInput input = CallEvent("call-1");
  input.creates_session_id = "s_1";
  EXPECT_EQ(Append(input).session_id, "s_1");
  input.call_id.clear();
  const Appended second = Append(input);
  EXPECT_EQ(second.result, Result::kStored);
  EXPECT_EQ(second.session_id, "s_1");
  EXPECT_EQ(Load("s_1").inputs.size(), 2U);
  EXPECT_EQ(Load("s_1").revision, 0);
}

TEST_P(InboxTest, TheCallThatCreatedASessionLeadsToItBeforeTheFirstStep) {
  NewInput input = CallEvent("call-1");
  input.creates_session_id = "s_1";
  Append(input);
  EXPECT_EQ(Append(CallEvent("call-1")).session_id, "s_1");
}

TEST_P(InboxTest, TheCallThatCreatedASessionLeadsToItWithinTheSameBatch) {
  NewInput input = CallEvent("call-1");
  input.creates_session_id = "s_1";
  const auto appended = store().AppendInputs({input, CallEvent("call-1")}, now());
  ASSERT_TRUE(appended.ok()) << appended.status();
  EXPECT_EQ((*appended)[1].result, Result::kStored);
  EXPECT_EQ((*appended)[1].session_id, "s_1");
  EXPECT_EQ(InputsOf("s_1").size(), 2U);
}

TEST_P(InboxTest, RefusesAnInputForASessionThatDoesNotExist) {
  NewInput input;
  input.session_id = "s_nobody";
  input.input.mutable_end_session();
  input.dedupe_key = "0123456789abcdef";
  EXPECT_EQ(Append(input).result, Result::kNoSession);
  EXPECT_THAT(Waiting(), IsEmpty());
  // And claims nothing for it.
  Run("s_nobody");
  EXPECT_EQ(Append(input).result, Result::kStored);
}

TEST_P(InboxTest, GivesAParkedInputToTheSessionThatStoresItsCall) {
  EXPECT_EQ(Append(CallEvent("call-1")).result, Result::kParked);
  EXPECT_EQ(store().Count()->parked, 1);
  EXPECT_THAT(Waiting(), IsEmpty());
  RunWith("s_1", "call-1", "");
  EXPECT_THAT(InputsOf("s_1"), ElementsAre("provider_event"));
  EXPECT_EQ(store().Count()->parked, 0);
}

TEST_P(InboxTest, GivesParkedInputsToTheSessionThatStoresTheirConferenceInOrderOfArrival) {
  for (const char* name : {"first", "second", "third"}) {
    NewInput input = ConferenceEvent("conference-1");
    input.input.mutable_provider_event()->set_type_name(name);
    EXPECT_EQ(Append(input).result, Result::kParked);
  }
  RunWith("s_1", "", "conference-1");
  const DueSession work = Load("s_1");
  ASSERT_EQ(work.inputs.size(), 3U);
  EXPECT_EQ(work.inputs[0].input.provider_event().type_name(), "first");
  EXPECT_EQ(work.inputs[1].input.provider_event().type_name(), "second");
  EXPECT_EQ(work.inputs[2].input.provider_event().type_name(), "third");
}

TEST_P(InboxTest, GivesParkedInputsToTheSessionThatStoresTheirSurplusConference) {
  EXPECT_EQ(Append(ConferenceEvent("surplus")).result, Result::kParked);
  Begin("s_1");
  SessionCommit commit = StepOf(Load("s_1"));
  commit.session.mutable_conference()->add_surplus_ids("surplus");
  ASSERT_TRUE(Commit(commit).ok());
  EXPECT_THAT(InputsOf("s_1"), ElementsAre("provider_event"));
}

TEST_P(InboxTest, GivesAParkedInputToTheSessionThatItHintsAt) {
  EXPECT_EQ(Append(HintedEvent("s_1")).result, Result::kParked);
  Begin("s_1");
  EXPECT_THAT(InputsOf("s_1"), ElementsAre("start_bridge", "provider_event"))
      << "the input that begins the session comes first";
}

TEST_P(InboxTest, GivesAParkedInputWithSeveralReferencesAwayOnce) {
  NewInput input = CallEvent("call-1");
  input.conference_id = "conference-1";
  input.session_hint = "s_1";
  EXPECT_EQ(Append(input).result, Result::kParked);
  RunWith("s_1", "call-1", "conference-1");
  EXPECT_EQ(store().Count()->parked, 0);
  EXPECT_EQ(store().ReadInputs("s_1")->size() + InputsOf("s_1").size(), 2U);
}

TEST_P(InboxTest, GivesAwayOfWhatTheSameBatchParkedOnlyWhatBelongsToTheNewSession) {
  NewInput creating = CallEvent("call-1");
  creating.creates_session_id = "s_1";
  ASSERT_TRUE(store().AppendInputs({HintedEvent("s_1"), HintedEvent("s_2"), creating}, now()).ok());
  EXPECT_EQ(InputsOf("s_1").size(), 2U);
  EXPECT_EQ(store().Count()->parked, 1) << "of a session that is still to come";
}

TEST_P(InboxTest, AReferenceStaysWithTheSessionThatStoredItFirst) {
  RunWith("s_1", "call-1", "");
  RunWith("s_2", "call-1", "");
  EXPECT_EQ(Append(CallEvent("call-1")).session_id, "s_1");
}

TEST_P(InboxTest, AReferenceStaysWithTheFirstOfTheSessionsThatOneBatchCommits) {
  std::vector<SessionCommit> commits;
  for (const char* id : {"s_1", "s_2"}) {
    Begin(id);
    commits.push_back(StepOf(Load(id)));
    commits.back().session.add_legs()->set_call_id("call-1");
  }
  const auto committed = store().Commit(commits, now());
  ASSERT_TRUE(committed.ok()) << committed.status();
  EXPECT_THAT(*committed, ::testing::Each(absl::OkStatus()));
  EXPECT_EQ(Append(CallEvent("call-1")).session_id, "s_1");
}

TEST_P(InboxTest, AnAbortedCommitStoresNoReference) {
  Begin("s_1");
  EXPECT_EQ(Append(CallEvent("call-1")).result, Result::kParked);
  SessionCommit commit = StepOf(Load("s_1"));
  commit.expected_revision = 7;
  commit.session.add_legs()->set_call_id("call-1");
  EXPECT_EQ(Commit(commit).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(store().Count()->parked, 1);
}

TEST_P(InboxTest, StoresADuplicateOnce) {
  Run("s_1");
  NewInput input = HintedEvent("s_1");
  input.dedupe_key = "0123456789abcdef";
  EXPECT_EQ(Append(input).result, Result::kStored);
  const Appended again = Append(input);
  EXPECT_EQ(again.result, Result::kDuplicate);
  EXPECT_EQ(again.session_id, "s_1");
  EXPECT_EQ(InputsOf("s_1").size(), 1U);
}

// Each subset of a batch may have come before: every item is judged for itself.
TEST_P(InboxTest, TellsDuplicatesFromNewsWhereverTheyStandInABatch) {
  constexpr int kItems = 5;
  Run("s_1");
  for (int known = 0; known < (1 << kItems); ++known) {
    std::vector<NewInput> batch;
    std::vector<NewInput> before;
    for (int item = 0; item < kItems; ++item) {
      NewInput& input = batch.emplace_back(HintedEvent("s_1"));
      input.dedupe_key = absl::StrFormat("%08d%08d", known, item);
      if ((known & (1 << item)) != 0) before.push_back(input);
    }
    ASSERT_TRUE(store().AppendInputs(before, now()).ok());
    const auto appended = store().AppendInputs(batch, now());
    ASSERT_TRUE(appended.ok()) << appended.status();
    ASSERT_EQ(appended->size(), batch.size());
    for (int item = 0; item < kItems; ++item) {
      const bool was_known = (known & (1 << item)) != 0;
      const auto& result = (*appended)[static_cast<std::size_t>(item)];
      EXPECT_EQ(result.result, was_known ? Result::kDuplicate : Result::kStored)
          << known << " " << item;
      EXPECT_EQ(result.input_id == 0, was_known);
    }
    // Each item exactly once, whichever batch brought it.
    EXPECT_EQ(store().Count()->waiting_inputs, (known + 1) * kItems);
  }
}

TEST_P(InboxTest, FindsADuplicateWithinOneBatchAndOfAParkedInput) {
  NewInput input = HintedEvent("s_nobody");
  input.dedupe_key = "0123456789abcdef";
  const auto appended = store().AppendInputs({input, input}, now());
  ASSERT_TRUE(appended.ok());
  EXPECT_EQ((*appended)[0].result, Result::kParked);
  EXPECT_EQ((*appended)[1].result, Result::kDuplicate);
  EXPECT_EQ((*appended)[1].session_id, "") << "its session is still to come";
}

TEST_P(InboxTest, WithoutAKeyNothingIsADuplicate) {
  Run("s_1");
  EXPECT_EQ(Append(HintedEvent("s_1")).result, Result::kStored);
  EXPECT_EQ(Append(HintedEvent("s_1")).result, Result::kStored);
}

TEST_P(InboxTest, RemembersDuplicatesForADayAndDropsThemThen) {
  Run("s_1");
  NewInput input = HintedEvent("s_1");
  input.dedupe_key = "0123456789abcdef";
  EXPECT_EQ(Append(input).result, Result::kStored);
  Advance(std::chrono::hours(24) - std::chrono::seconds(1));
  ASSERT_TRUE(store().Maintain(now()).ok());
  Reopen();
  EXPECT_EQ(Append(input).result, Result::kDuplicate);
  Advance(std::chrono::hours(2));
  ASSERT_TRUE(store().Maintain(now()).ok());
  EXPECT_EQ(Append(input).result, Result::kStored);
}

TEST_P(InboxTest, SaysWhoHasTheRequestId) {
  const Appended first = Append(StartRequest("s_1", "request-1"));
  EXPECT_EQ(first.result, Result::kStored);
  NewInput again = StartRequest("s_2", "request-1");
  const Appended known = Append(again);
  EXPECT_EQ(known.result, Result::kRequestKnown);
  EXPECT_EQ(known.session_id, "s_1");
  EXPECT_EQ(known.input_id, first.input_id);
  again.request_digest = "another body";
  const Appended reused = Append(again);
  EXPECT_EQ(reused.result, Result::kRequestReused);
  EXPECT_EQ(reused.session_id, "s_1");
  EXPECT_THAT(Waiting(), ElementsAre("s_1"));
  std::string digest;
  EXPECT_EQ(*store().FindRequest("request-1", &digest), "s_1");
  EXPECT_EQ(digest, "digest of request-1");
  EXPECT_EQ(store().FindRequest("request-2", nullptr).status().code(), absl::StatusCode::kNotFound);
}

TEST_P(InboxTest, TakesARequestThatBelongsToAnOfferedSession) {
  Run("s_offer");
  NewInput input = StartRequest("s_offer", "request-1");
  input.creates_session_id.clear();
  EXPECT_EQ(Append(input).result, Result::kStored);
  EXPECT_EQ(*store().FindRequest("request-1", nullptr), "s_offer");
}

TEST_P(InboxTest, ARefusedInputClaimsNoRequestId) {
  NewInput input = StartRequest("s_gone", "request-1");
  input.creates_session_id.clear();
  EXPECT_EQ(Append(input).result, Result::kNoSession);
  EXPECT_EQ(Append(StartRequest("s_1", "request-1")).result, Result::kStored);
}

TEST_P(InboxTest, DropsParkedInputsAfterTenMinutesAndCountsThem) {
  Append(CallEvent("old"));
  Advance(std::chrono::minutes(5));
  Append(CallEvent("young"));
  Advance(std::chrono::minutes(5) + std::chrono::seconds(1));
  ASSERT_TRUE(store().Maintain(now()).ok());
  EXPECT_EQ(store().Count()->parked, 1);
  EXPECT_EQ(store().Count()->parked_dropped, 1);
  RunWith("s_1", "young", "");
  EXPECT_THAT(InputsOf("s_1"), ElementsAre("provider_event"));
}

TEST_P(InboxTest, KeepsNoMoreParkedInputsThanItsLimitAndTheYoungestOfThem) {
  std::vector<NewInput> inputs;
  for (int number = 0; number < base::kParkedMax + 3; ++number) {
    inputs.push_back(CallEvent("call-" + std::to_string(number)));
  }
  ASSERT_TRUE(store().AppendInputs(inputs, now()).ok());
  EXPECT_EQ(store().Count()->parked, base::kParkedMax);
  EXPECT_EQ(store().Count()->parked_dropped, 3);
  RunWith("s_1", "call-2", "");
  EXPECT_THAT(InputsOf("s_1"), IsEmpty());
  RunWith("s_2", "call-3", "");
  EXPECT_THAT(InputsOf("s_2"), ElementsAre("provider_event"));
}

TEST_P(InboxTest, RemembersWhenAnInputWasLearned) {
  NewInput early = HintedEvent("s_1");
  *early.input.mutable_receive_time() = base::ToTimestamp(now() - std::chrono::seconds(3));
  Begin("s_1");
  Append(early);
  const DueSession work = Load("s_1");
  EXPECT_EQ(base::FromTimestamp(work.inputs[0].input.receive_time()), now());
  EXPECT_EQ(base::FromTimestamp(work.inputs[1].input.receive_time()),
            now() - std::chrono::seconds(3));
}

TEST_P(InboxTest, SetsUnreadableWebhooksAsideAndKeepsTheNewest) {
  std::vector<internal::v1::InboxItem> items;
  for (int number = 0; number < base::kQuarantineMax + 2; ++number) {
    items.emplace_back().mutable_quarantined()->set_error(std::to_string(number));
  }
  ASSERT_TRUE(store().Quarantine(items, now()).ok());
  EXPECT_EQ(store().Count()->quarantined, base::kQuarantineMax);
  const auto listed = store().ListQuarantine(0, 2);
  ASSERT_TRUE(listed.ok());
  ASSERT_EQ(listed->size(), 2U);
  EXPECT_EQ((*listed)[0].error(), std::to_string(base::kQuarantineMax + 1));
  EXPECT_EQ((*listed)[1].error(), std::to_string(base::kQuarantineMax));
}

// A batch that the provider repeats, within 24 h.
TEST_P(InboxTest, SetsAWebhookWithAKeyAsideOnce) {
  const auto item = [](const std::string& error, const std::string& key) {
    internal::v1::InboxItem made;
    made.mutable_quarantined()->set_error(error);
    made.set_dedupe_key(key);
    return made;
  };
  const std::string one(16, 'a');
  const std::string two(16, 'b');
  EXPECT_EQ(
      *store().Quarantine({item("first", one), item("again", one), item("keyless", "")}, now()), 2);
  EXPECT_EQ(
      *store().Quarantine({item("again", one), item("second", two), item("keyless", "")}, now()),
      2);
  const auto listed = store().ListQuarantine(0, 10);
  ASSERT_TRUE(listed.ok());
  std::vector<std::string> errors;
  for (const internal::v1::Quarantined& kept : *listed) errors.push_back(kept.error());
  EXPECT_EQ(errors, (std::vector<std::string>{"keyless", "second", "keyless", "first"}));
}

TEST_P(InboxTest, PagesThroughTheQuarantineAndDropsWhatIsNamed) {
  std::vector<internal::v1::InboxItem> items;
  for (int number = 0; number < 10; ++number) {
    items.emplace_back().mutable_quarantined()->set_error(std::to_string(number));
  }
  ASSERT_TRUE(store().Quarantine(items, now()).ok());
  const auto in_pages = [this](int limit) {
    std::string errors;
    std::int64_t before_id = 0;
    for (;;) {
      const auto page = store().ListQuarantine(before_id, limit);
      EXPECT_TRUE(page.ok()) << page.status();
      for (const internal::v1::Quarantined& item : *page) errors += item.error();
      if (std::ssize(*page) < limit) return errors;
      before_id = page->back().id();
    }
  };
  for (int limit = 1; limit <= 11; ++limit) EXPECT_EQ(in_pages(limit), "9876543210") << limit;
  const auto all = store().ListQuarantine(0, 10);
  EXPECT_EQ(*store().DropQuarantined({(*all)[0].id(), (*all)[4].id(), 1'000'000}), 2);
  EXPECT_EQ(*store().DropQuarantined({(*all)[0].id()}), 0);
  EXPECT_EQ(in_pages(3), "87643210");
  EXPECT_EQ(store().Count()->quarantined, 8);
}

TEST_P(InboxTest, KeepsItsServiceId) {
  EXPECT_TRUE(store().ClaimServiceId("production").ok());
  Reopen();
  EXPECT_TRUE(store().ClaimServiceId("production").ok());
  EXPECT_EQ(store().ClaimServiceId("staging").code(), absl::StatusCode::kFailedPrecondition);
}

CALLBRIDGE_TEST_ENGINES(InboxTest);

}  // namespace
}  // namespace callbridge::store
