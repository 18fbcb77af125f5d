// StartBridge over the wire: click to call, repetition without a second call, offers.
#include <gmock/gmock.h>

#include "callbridge/error_details.h"
#include "tests/end_to_end/end_to_end.h"

namespace callbridge::end_to_end {
namespace {

using client::DetailsOf;
using testing::Contains;
using testing::Pair;
using Lines = std::vector<std::string>;

v1::StartBridgeRequest TakeOffer(const std::string& request_id, const std::string& session_id) {
  v1::StartBridgeRequest request;
  request.set_request_id(request_id);
  request.mutable_caller()->set_offered_session_id(session_id);
  request.add_callees()->mutable_endpoint()->mutable_phone()->set_number(kCallee);
  return request;
}

class StartBridge : public EndToEnd {};

TEST_F(StartBridge, DialsBothAndConnectsThem) {
  Boot();
  provider().SetPeople({{kCallee, "answers:2,hangs-up:8"}});
  v1::StartBridgeRequest request = DialBoth("click-1");
  (*request.mutable_labels())["team"] = "support";
  const v1::Session session = Start(request);
  EXPECT_EQ(session.origin(), v1::Session::ORIGIN_REQUEST);
  const Reading reading = ToEnd(session.session_id());
  EXPECT_THAT(
      reading.Story(),
      HasInOrder(Lines{"session_started", "leg_dialing caller", "leg_ringing caller",
                       "leg_answered caller", "leg_joined caller", "prompt_finished GREETING FULL",
                       "leg_dialing callee-1", "leg_answered callee-1", "parties_connected",
                       "leg_ended callee-1 HUNG_UP", "session_ended COMPLETED HUNG_UP"}));
  EXPECT_EQ(reading.Outcome().ended_by(), v1::PARTY_CALLEE);
  EXPECT_THAT(reading.events.front().labels(), Contains(Pair("team", "support")));
  system().ExpectNothingLeft();
  EXPECT_EQ(provider().State().calls.size(), 2U);
}

TEST_F(StartBridge, EndsWithCallerUnreachedWhenTheCallerIsBusy) {
  Boot();
  v1::StartBridgeRequest request = DialBoth("click-2");
  request.mutable_caller()->mutable_dial()->mutable_phone()->set_number(kBusyCallee);
  const Reading reading = ToEnd(Start(request).session_id());
  EXPECT_EQ(reading.Outcome().result(), v1::Outcome::RESULT_CALLER_UNREACHED);
  EXPECT_EQ(reading.Outcome().reason(), v1::END_REASON_BUSY);
  system().ExpectNothingLeft();
  EXPECT_EQ(provider().State().calls.size(), 1U);
}

TEST_F(StartBridge, IsReplayedForTheSameRequestAndRefusedForAnother) {
  Boot();
  const v1::Session session = Start(DialBoth("same"));
  const auto again = system().client().StartBridge(DialBoth("same"));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed());
  EXPECT_EQ(again->session().session_id(), session.session_id());

  const auto other = system().client().StartBridge(DialBoth("same", kBusyCallee));
  EXPECT_EQ(other.status().code(), absl::StatusCode::kAlreadyExists) << other.status();
  EXPECT_EQ(DetailsOf(other.status()).reason, "REQUEST_ID_REUSED");
  EXPECT_THAT(DetailsOf(other.status()).metadata,
              Contains(Pair("session_id", session.session_id())));

  ASSERT_TRUE(system().client().EndSession(session.session_id(), "enough").ok());
  const Reading reading = ToEnd(session.session_id());
  EXPECT_EQ(reading.Outcome().result(), v1::Outcome::RESULT_CANCELLED);
  EXPECT_EQ(reading.Outcome().request_reason(), "enough");
  // As it has become; and nobody is called again.
  const auto late = system().client().StartBridge(DialBoth("same"));
  ASSERT_TRUE(late.ok()) << late.status();
  EXPECT_TRUE(late->replayed());
  EXPECT_EQ(late->session().state(), v1::Session::STATE_ENDED);
  system().ExpectNothingLeft();
  EXPECT_LE(provider().State().calls.size(), 1U);
}

TEST_F(StartBridge, NamesTheFieldThatIsWrongAndCallsNobody) {
  Boot();
  v1::StartBridgeRequest request = DialBoth("wrong");
  request.mutable_callees(0)->mutable_endpoint()->mutable_phone()->set_number("44-7700900456x");
  const auto refused = system().client().StartBridge(request);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument) << refused.status();
  const auto details = DetailsOf(refused.status());
  EXPECT_EQ(details.reason, "INVALID_FIELD");
  ASSERT_EQ(details.field_violations.size(), 1U);
  EXPECT_EQ(details.field_violations[0].field, "callees[0].endpoint.phone.number");
  EXPECT_TRUE(provider().State().calls.empty());
}

TEST_F(StartBridge, TakesAnOfferOnce) {
  Boot();
  provider().SetPeople({{kCallee, "answers:2,hangs-up:8"}});
  const std::string call = provider().StartCall(kCaller, kOfferedDid);
  const v1::Session offer = system().AwaitSessionOf(call);
  EXPECT_EQ(offer.state(), v1::Session::STATE_OFFERED);
  EXPECT_EQ(Start(TakeOffer("first", offer.session_id())).session_id(), offer.session_id());
  const auto second = system().client().StartBridge(TakeOffer("second", offer.session_id()));
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition) << second.status();
  EXPECT_EQ(DetailsOf(second.status()).reason, "OFFER_TAKEN");

  const Reading reading = ToEnd(offer.session_id());
  EXPECT_THAT(reading.Story(),
              HasInOrder(Lines{"session_offered", "session_started", "leg_answered caller",
                               "parties_connected", "session_ended COMPLETED HUNG_UP"}));
  system().ExpectNothingLeft();
  EXPECT_THAT(provider().State().Call(call).timeline,
              HasInOrder(Lines{"calls", "hears ringing", "is answered"}));
}

TEST_F(StartBridge, FindsTheOfferGoneWhenItHasExpired) {
  Boot();
  const std::string call = provider().StartCall(kCaller, kOfferedDid);
  const v1::Session offer = system().AwaitSessionOf(call);
  const Reading reading = ToEnd(offer.session_id());
  EXPECT_EQ(reading.Outcome().result(), v1::Outcome::RESULT_REJECTED);
  EXPECT_EQ(reading.Outcome().reason(), v1::END_REASON_OFFER_EXPIRED);
  const auto late = system().client().StartBridge(TakeOffer("late", offer.session_id()));
  EXPECT_EQ(late.status().code(), absl::StatusCode::kFailedPrecondition) << late.status();
  EXPECT_EQ(DetailsOf(late.status()).reason, "OFFER_GONE");
  system().ExpectNothingLeft();
  // Rejected, never answered: nothing was billed.
  EXPECT_EQ(provider().State().Call(call).error, "REJECTED");
  EXPECT_FALSE(provider().State().Call(call).Went("is answered"));
}

}  // namespace
}  // namespace callbridge::end_to_end
