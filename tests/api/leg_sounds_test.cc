// PlayPrompt, StopSounds, SendDigits and CaptureDigits over gRPC: what is stored, what is refused
// with which words, and what a repetition does.
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/base/limits.h"
#include "tests/api/api_world.h"
#include "tests/api/error_reading.h"

namespace callbridge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using tests::ApiWorld;
using tests::ClickToCall;
using tests::ReadError;
using tests::ReadErrorOf;
using tests::ReasonOf;

// A click to call whose caller is being dialled.
class LegSounds : public testing::Test {
 protected:
  LegSounds() {
    world_.StartWorker();
    v1::StartBridgeResponse started;
    EXPECT_TRUE(world_.Start(ClickToCall("start"), &started).ok());
    session_id_ = started.session().session_id();
  }

  void Append(const internal::v1::ProviderEvent& event) {
    store::NewInput input;
    *input.input.mutable_receive_time() = base::ToTimestamp(world_.story.clock().Now());
    *input.input.mutable_provider_event() = event;
    input.session_id = session_id_;
    EXPECT_TRUE(world_.story.store().AppendInputs({input}, world_.story.clock().Now()).ok());
  }

  // The caller joins the conference, and hears the greeting.
  void Join() {
    internal::v1::ProviderEvent created;
    created.set_type(internal::v1::ProviderEvent::TYPE_CONFERENCE_CREATED);
    created.set_conference_id("conference-1");
    created.mutable_conference()->set_name(
        absl::StrCat(world_.settings.service_id(), "/", session_id_));
    Append(created);
    internal::v1::ProviderEvent joined;
    joined.set_type(internal::v1::ProviderEvent::TYPE_PARTICIPANT_JOINED);
    joined.set_conference_id("conference-1");
    joined.set_call_id("call-1");
    for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{
             {"dial", "2"}, {"leg", "caller"}, {"session", session_id_}}) {
      internal::v1::KeyValue& mark = *joined.mutable_call()->add_custom_data();
      mark.set_key(key);
      mark.set_value(value);
    }
    Append(joined);
    // A request is stepped after what was appended before it.
    EXPECT_EQ(ReasonOf(Ask(&v1::BridgeService::Stub::StopSounds, Stop("joined"), &stopped_)), "");
  }

  template <typename Request, typename Response>
  grpc::Status Ask(grpc::Status (v1::BridgeService::Stub::*method)(grpc::ClientContext*,
                                                                   const Request&, Response*),
                   const Request& request, Response* response) {
    grpc::ClientContext context;
    tests::SetDeadline(context);
    return (world_.stub.get()->*method)(&context, request, response);
  }
  grpc::Status Play(const v1::PlayPromptRequest& request) {
    played_.Clear();
    return Ask(&v1::BridgeService::Stub::PlayPrompt, request, &played_);
  }
  grpc::Status Send(const v1::SendDigitsRequest& request) {
    return Ask(&v1::BridgeService::Stub::SendDigits, request, &sent_);
  }
  grpc::Status Capture(const v1::CaptureDigitsRequest& request) {
    return Ask(&v1::BridgeService::Stub::CaptureDigits, request, &captured_);
  }

  v1::PlayPromptRequest Say(const std::string& request_id, const std::string& text = "Hello.") {
    v1::PlayPromptRequest request;
    request.set_session_id(session_id_);
    request.set_request_id(request_id);
    request.mutable_prompt()->set_text(text);
    return request;
  }
  v1::StopSoundsRequest Stop(const std::string& request_id) {
    v1::StopSoundsRequest request;
    request.set_session_id(session_id_);
    request.set_request_id(request_id);
    return request;
  }
  v1::SendDigitsRequest Digits(const std::string& request_id, const std::string& digits) {
    v1::SendDigitsRequest request;
    request.set_session_id(session_id_);
    request.set_leg_id("caller");
    request.set_request_id(request_id);
    request.set_digits(digits);
    return request;
  }
  v1::CaptureDigitsRequest Keys(const std::string& request_id) {
    v1::CaptureDigitsRequest request;
    request.set_session_id(session_id_);
    request.set_leg_id("caller");
    request.set_request_id(request_id);
    request.set_max_length(4);
    return request;
  }

  internal::v1::Session Stored() {
    const auto session = world_.story.store().GetSession(session_id_);
    EXPECT_TRUE(session.ok());
    return *session;
  }
  v1::SessionEvent LastEvent() {
    const auto events = world_.story.store().ReadEvents(session_id_, 0, 100);
    EXPECT_TRUE(events.ok());
    return events->back();
  }

  ApiWorld world_;
  std::string session_id_;
  v1::PlayPromptResponse played_;
  v1::StopSoundsResponse stopped_;
  v1::SendDigitsResponse sent_;
  v1::CaptureDigitsResponse captured_;
};

TEST_F(LegSounds, LetAPromptWaitBehindTheGreeting) {
  Join();
  ASSERT_TRUE(Play(Say("r-1")).ok());
  EXPECT_FALSE(played_.replayed());
  EXPECT_EQ(played_.session().session_id(), session_id_);
  const v1::SessionEvent told = LastEvent();
  EXPECT_THAT(told.prompt_requested().leg_ids(), ElementsAre("caller"));
  EXPECT_EQ(told.prompt_requested().request_id(), "r-1");
  EXPECT_EQ(told.source(), v1::SessionEvent::SOURCE_API);
  const internal::v1::Session session = Stored();
  ASSERT_THAT(session.lanes(), SizeIs(1));
  ASSERT_THAT(session.lanes(0).waiting(), SizeIs(1));
  // The voice of the plan.
  EXPECT_EQ(session.lanes(0).waiting(0).prompt().voice().language(),
            session.plan().voice().language());
  ASSERT_TRUE(Ask(&v1::BridgeService::Stub::StopSounds, Stop("s-1"), &stopped_).ok());
  EXPECT_THAT(Stored().lanes(0).waiting(), IsEmpty());
  EXPECT_EQ(LastEvent().prompt_finished().completion(), v1::PromptFinished::COMPLETION_FAILED);
  EXPECT_EQ(LastEvent().prompt_finished().request_id(), "r-1");
}

TEST_F(LegSounds, AreRefusedBeforeAnybodyHasJoined) {
  const ReadError nobody = ReadErrorOf(Play(Say("r-1")));
  EXPECT_EQ(nobody.code, grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(nobody.reason, "LEG_NOT_JOINED");
  EXPECT_EQ(nobody.metadata.at("leg_id"), "");
  v1::PlayPromptRequest caller = Say("r-2");
  caller.add_leg_ids("caller");
  EXPECT_EQ(ReadErrorOf(Play(caller)).metadata.at("leg_id"), "caller");
  EXPECT_EQ(ReasonOf(Send(Digits("r-3", "1"))), "LEG_NOT_JOINED");
  EXPECT_EQ(ReasonOf(Capture(Keys("r-4"))), "LEG_NOT_JOINED");
  caller.set_request_id("r-5");
  caller.set_leg_ids(0, "callee-7");
  const ReadError unknown = ReadErrorOf(Play(caller));
  EXPECT_EQ(unknown.reason, "LEG_NOT_FOUND");
  EXPECT_EQ(unknown.metadata.at("leg_id"), "callee-7");
}

TEST_F(LegSounds, NameEveryFieldAtFault) {
  EXPECT_THAT(ReadErrorOf(Play({})).fields,
              UnorderedElementsAre("session_id", "request_id", "prompt"));
  EXPECT_THAT(ReadErrorOf(Play(Say("r-1", std::string(5'000, 'a')))).fields,
              ElementsAre("prompt.text"));
  v1::PlayPromptRequest silent = Say("r-1");
  silent.mutable_prompt()->mutable_audio();
  silent.add_leg_ids("caller");
  silent.add_leg_ids("caller");
  EXPECT_THAT(ReadErrorOf(Play(silent)).fields, UnorderedElementsAre("prompt.audio", "leg_ids[1]"));
  EXPECT_THAT(ReadErrorOf(Send({})).fields,
              UnorderedElementsAre("session_id", "leg_id", "request_id", "digits"));
  EXPECT_THAT(ReadErrorOf(Send(Digits("r-1", "12x"))).fields, ElementsAre("digits"));
  EXPECT_THAT(ReadErrorOf(Send(Digits("r-1", std::string(33, '1')))).fields, ElementsAre("digits"));
  v1::CaptureDigitsRequest keys = Keys("r-1");
  keys.set_max_length(65);
  keys.set_terminator("##");
  keys.mutable_first_digit_timeout()->set_seconds(121);
  keys.mutable_digit_timeout()->set_nanos(1);
  keys.mutable_prompt();
  EXPECT_THAT(ReadErrorOf(Capture(keys)).fields,
              UnorderedElementsAre("max_length", "terminator", "first_digit_timeout",
                                   "digit_timeout", "prompt"));
}

TEST_F(LegSounds, WarnOnceOfATextThatTheProviderMayRefuse) {
  Join();
  ASSERT_TRUE(Play(Say("r-1", std::string(1'401, 'a'))).ok());
  EXPECT_THAT(played_.warnings(), ElementsAre(HasSubstr("prompt.text: has 1401 characters")));
  ASSERT_TRUE(Play(Say("r-1", std::string(1'401, 'a'))).ok());
  EXPECT_TRUE(played_.replayed());
  EXPECT_THAT(played_.warnings(), IsEmpty());
  EXPECT_THAT(Stored().lanes(0).waiting(), SizeIs(1));
}

TEST_F(LegSounds, AreBounded) {
  Join();
  for (int i = 0; i < base::kSoundsWaitingMax; ++i) {
    ASSERT_TRUE(Play(Say(absl::StrCat("r-", i))).ok());
  }
  const ReadError full = ReadErrorOf(Play(Say("r-99")));
  EXPECT_EQ(full.code, grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(full.reason, "TOO_MANY_SOUNDS");
  EXPECT_EQ(full.metadata.at("leg_id"), "caller");
  EXPECT_EQ(ReasonOf(Capture(Keys("r-100"))), "TOO_MANY_SOUNDS");
}

// The requests of a session share their ids, whatever their kind and however alike their bytes.
TEST_F(LegSounds, ARequestIdHasOneContentAndOneKind) {
  Join();
  ASSERT_TRUE(Play(Say("r-1")).ok());
  EXPECT_EQ(ReasonOf(Play(Say("r-1", "Another."))), "REQUEST_ID_REUSED");
  EXPECT_EQ(ReasonOf(Ask(&v1::BridgeService::Stub::StopSounds, Stop("r-1"), &stopped_)),
            "REQUEST_ID_REUSED");
  v1::UpdateLegRequest update;
  update.set_session_id(session_id_);
  update.set_leg_id("caller");
  update.set_request_id("r-2");
  update.set_muted(true);
  v1::UpdateLegResponse updated;
  ASSERT_TRUE(Ask(&v1::BridgeService::Stub::UpdateLeg, update, &updated).ok());
  // The same bytes as the update.
  v1::CaptureDigitsRequest keys = Keys("r-2");
  keys.set_max_length(1);
  EXPECT_EQ(ReasonOf(Capture(keys)), "REQUEST_ID_REUSED");
}

TEST_F(LegSounds, FillInTheTimesOfACapture) {
  Join();
  ASSERT_TRUE(Capture(Keys("r-1")).ok());
  const internal::v1::Capture stored = Stored().lanes(0).waiting(0).capture();
  EXPECT_EQ(stored.first_digit_timeout().seconds(), 10);
  EXPECT_EQ(stored.digit_timeout().seconds(), 10);
  EXPECT_TRUE(LastEvent().digits_requested().capture());
  v1::CaptureDigitsRequest quick = Keys("r-2");
  quick.mutable_first_digit_timeout()->set_seconds(3);
  ASSERT_TRUE(Capture(quick).ok());
  EXPECT_EQ(Stored().lanes(0).waiting(1).capture().digit_timeout().seconds(), 3);
}

TEST_F(LegSounds, TellKeysToNobody) {
  Join();
  ASSERT_TRUE(Send(Digits("r-1", "4711#")).ok());
  EXPECT_EQ(LastEvent().digits_requested().request_id(), "r-1");
  EXPECT_FALSE(LastEvent().digits_requested().capture());
  EXPECT_EQ(LastEvent().SerializeAsString().find("4711"), std::string::npos);
  EXPECT_EQ(sent_.SerializeAsString().find("4711"), std::string::npos);
}

TEST_F(LegSounds, OnlyValidateIfTheyAreAskedTo) {
  Join();
  v1::PlayPromptRequest request = Say("r-1", std::string(1'500, 'a'));
  request.set_validate_only(true);
  ASSERT_TRUE(Play(request).ok());
  EXPECT_EQ(played_.session().session_id(), session_id_);
  EXPECT_THAT(played_.warnings(), SizeIs(1));
  EXPECT_THAT(Stored().lanes(0).waiting(), IsEmpty());
  request.add_leg_ids("callee-1");
  EXPECT_EQ(ReasonOf(Play(request)), "LEG_NOT_FOUND");
}

TEST_F(LegSounds, AreRefusedOnceTheOutcomeIsDecidedAndWhileTheServerDrains) {
  Join();
  v1::EndSessionResponse ended;
  ASSERT_TRUE(world_.End(session_id_, &ended).ok());
  EXPECT_EQ(ReasonOf(Play(Say("r-1"))), "SESSION_OVER");
  EXPECT_EQ(ReasonOf(Send(Digits("r-2", "1"))), "SESSION_OVER");
  world_.service.Drain();
  EXPECT_EQ(ReasonOf(Play(Say("r-3"))), "DRAINING");
}

}  // namespace
}  // namespace callbridge
