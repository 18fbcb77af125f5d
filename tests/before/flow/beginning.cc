#include "tests/before/flow/beginning.h"

#include <absl/strings/str_cat.h>

#include <string>

#include "tests/before/flow/ending.h"
#include "tests/before/flow/legs.h"
#include "tests/before/flow/phases.h"

namespace callbridge::flow_before {
namespace {

std::string WithPlus(const std::string& number) {
  const bool digits =
      !number.empty() && number.find_first_not_of("0123456789") == std::string::npos;
  return digits ? absl::StrCat("+", number) : number;
}

v1::Endpoint EndpointOf(const CallFacts& facts) {
  v1::Endpoint endpoint = facts.endpoint();
  if (endpoint.kind_case() == v1::Endpoint::KIND_NOT_SET && !facts.from().empty()) {
    endpoint.mutable_phone()->set_number(facts.from());
  }
  if (endpoint.has_phone())
    endpoint.mutable_phone()->set_number(WithPlus(endpoint.phone().number()));
  return endpoint;
}

void TellStarted(Turn& turn) {
  const Session& session = turn.session();
  SessionEvent& event = turn.Emit(SessionEvent::DETAIL_MILESTONE);
  if (session.origin() == v1::Session::ORIGIN_ROUTE) {
    event.set_source(SessionEvent::SOURCE_ROUTE);
  }
  v1::SessionStarted& started = *event.mutable_session_started();
  started.set_origin(session.origin());
  started.set_route_name(session.route());
  if (turn.input().has_start_bridge()) {
    started.set_client_identity(turn.input().start_bridge().requested_by());
  }
  *started.mutable_plan() = session.plan();
  *started.mutable_callees() = session.callees();
  *started.mutable_caller() = session.legs(0).endpoint();
}

void TellOffered(Turn& turn, const CallFacts& facts) {
  SessionEvent& event = turn.Emit(SessionEvent::DETAIL_MILESTONE);
  v1::SessionOffered& offered = *event.mutable_session_offered();
  *offered.mutable_caller() = Caller(turn).endpoint();
  offered.set_service_number(Caller(turn).service_number());
  offered.set_caller_name(facts.caller_name());
  for (const std::string& number : facts.forwarded_from()) {
    offered.add_forwarded_from(WithPlus(number));
  }
  if (turn.session().has_offered()) {
    *offered.mutable_expire_time() = turn.session().offered().expire_time();
  }
}

void AddCallerLeg(Turn& turn, const ProviderEvent& event) {
  const CallFacts& facts = event.call();
  Leg& leg = AddLeg(turn, v1::Leg::ROLE_CALLER, EndpointOf(facts));
  leg.set_state(v1::Leg::STATE_RINGING);
  leg.set_call_id(event.call_id());
  leg.set_base_url(facts.base_url());
  leg.set_service_number(WithPlus(facts.to()));
  *leg.mutable_ring_time() = leg.create_time();
}

// Neither party sees the other's own number: without a number of their own, callees see the one
// that was called.
void FillCallerIds(Turn& turn, const std::string& default_number) {
  const std::string& called = Caller(turn).service_number();
  for (v1::Callee& callee : *turn.session().mutable_callees()) {
    if (!callee.caller_id_number().empty()) continue;
    callee.set_caller_id_number(called.empty() ? default_number : called);
  }
}

void Reject(Turn& turn, v1::EndReason reason) {
  v1::Outcome outcome;
  outcome.set_result(v1::Outcome::RESULT_REJECTED);
  outcome.set_reason(reason);
  outcome.set_ended_by(v1::PARTY_DEADLINE);
  End(turn, outcome);
}

// The session is the bridge of this request from now on.
void TakeRequest(Turn& turn, const before::v1::StartBridge& start) {
  Session& session = turn.session();
  session.set_request_id(start.request_id());
  *session.mutable_plan() = start.plan();
  *session.mutable_callees() = start.callees();
  *session.mutable_labels() = start.labels();
  session.set_trace_id(start.trace_id());
}

void BeginByRequest(Turn& turn, const before::v1::StartBridge& start) {
  Session& session = turn.session();
  session.set_origin(v1::Session::ORIGIN_REQUEST);
  *session.mutable_create_time() = base::ToTimestamp(turn.learned());
  *session.mutable_settings() = start.settings();
  TakeRequest(turn, start);
  if (start.has_start_before_time()) {
    *session.mutable_start_before_time() = start.start_before_time();
  }
  session.mutable_dialing()->set_caller_id_number(start.caller_id_number());
  *session.mutable_dialing()->mutable_ring_timeout() = start.caller_ring_timeout();
  AddLeg(turn, v1::Leg::ROLE_CALLER, start.caller());
  FillCallerIds(turn, start.default_number());
  EnterDialingCaller(turn);
  TellStarted(turn);
}

}  // namespace

// Why an incoming call is rejected before anybody was asked.
v1::EndReason ReasonOfRejection(before::v1::IncomingCall::Arrangement arrangement) {
  switch (arrangement) {
    case before::v1::IncomingCall::ARRANGEMENT_BUSY:
      return v1::END_REASON_OVERLOADED;
    case before::v1::IncomingCall::ARRANGEMENT_LOOP:
      return v1::END_REASON_FORWARDING_LOOP;
    default:
      return v1::END_REASON_NOT_ALLOWED;
  }
}

void OnIncomingCall(Turn& turn, const before::v1::IncomingCall& incoming) {
  Session& session = turn.session();
  if (session.phase_case() != Session::PHASE_NOT_SET) {
    turn.Ignore("the call has its session already");
    return;
  }
  *session.mutable_create_time() = base::ToTimestamp(turn.learned());
  *session.mutable_settings() = incoming.settings();
  *session.mutable_labels() = incoming.labels();
  session.set_route(incoming.route());
  AddCallerLeg(turn, incoming.event());
  switch (incoming.arrangement()) {
    case before::v1::IncomingCall::ARRANGEMENT_BRIDGE:
      session.set_origin(v1::Session::ORIGIN_ROUTE);
      *session.mutable_plan() = incoming.plan();
      *session.mutable_callees() = incoming.callees();
      FillCallerIds(turn, {});
      session.mutable_answering_caller();
      TellStarted(turn);
      EnterAnsweringCaller(turn);
      break;
    case before::v1::IncomingCall::ARRANGEMENT_OFFER:
      session.set_origin(v1::Session::ORIGIN_OFFER);
      EnterOffered(turn);
      TellOffered(turn, incoming.event().call());
      break;
    default:
      session.set_origin(v1::Session::ORIGIN_OFFER);
      TellOffered(turn, incoming.event().call());
      Reject(turn, ReasonOfRejection(incoming.arrangement()));
      break;
  }
}

void OnStartBridge(Turn& turn, const before::v1::StartBridge& start) {
  Session& session = turn.session();
  turn.Accept();
  if (session.phase_case() == Session::PHASE_NOT_SET) {
    Require(start.has_caller(), "a session that begins with StartBridge dials its caller");
    BeginByRequest(turn, start);
    return;
  }
  if (session.has_offered() && base::FromTimestamp(session.offered().expire_time()) <= turn.now()) {
    // The timer that ends it waits after an outage of the service.
    turn.SetReply(v1::ERROR_REASON_OFFER_GONE);
    OnOfferTimer(turn);
    return;
  }
  if (session.has_offered()) {
    TakeRequest(turn, start);
    FillCallerIds(turn, start.default_number());
    session.mutable_answering_caller();
    TellStarted(turn);
    EnterAnsweringCaller(turn);
    return;
  }
  if (!session.request_id().empty() && session.request_id() == start.request_id()) {
    turn.Ignore("the bridge was started by this request");
    return;
  }
  const bool offered_in_vain = session.request_id().empty() &&
                               session.origin() == v1::Session::ORIGIN_OFFER &&
                               (session.has_ending() || session.has_ended());
  turn.SetReply(offered_in_vain ? v1::ERROR_REASON_OFFER_GONE : v1::ERROR_REASON_OFFER_TAKEN);
  turn.Ignore("the call is not on offer");
}

}  // namespace callbridge::flow_before
