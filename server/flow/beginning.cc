#include "server/flow/beginning.h"

#include <map>
#include <string>

#include "server/base/key_values.h"
#include "server/flow/audio_facts.h"
#include "server/flow/caller_phases.h"
#include "server/flow/legs.h"
#include "server/flow/numbers.h"
#include "server/flow/session_events.h"

namespace callbridge::flow {
namespace {

v1::Endpoint EndpointOf(const CallFacts& facts) {
  v1::Endpoint endpoint = facts.endpoint();
  if (endpoint.kind_case() == v1::Endpoint::KIND_NOT_SET && !facts.from().empty()) {
    endpoint.mutable_phone()->set_number(facts.from());
  }
  if (endpoint.has_phone())
    endpoint.mutable_phone()->set_number(WithPlus(endpoint.phone().number()));
  return endpoint;
}

void AddCallerLeg(Course& course, const ProviderEvent& event) {
  const CallFacts& facts = event.call();
  Leg& leg = AddLeg(course, v1::Leg::ROLE_CALLER, EndpointOf(facts));
  leg.set_state(v1::Leg::STATE_RINGING);
  leg.set_call_id(event.call_id());
  leg.set_base_url(facts.base_url());
  leg.set_service_number(WithPlus(facts.to()));
  *leg.mutable_ring_time() = leg.create_time();
}

// Shows a callee without a caller ID the number that was called, or the default number. So neither
// party sees the other's own number.
void FillCallerIds(Course& course, const std::string& default_number) {
  const std::string& called = Caller(course).service_number();
  for (v1::Callee& callee : *course.session().mutable_callees()) {
    if (!callee.caller_id_number().empty()) continue;
    callee.set_caller_id_number(called.empty() ? default_number : called);
  }
}

// Adds the labels of the request. They win over those of the route that offered the call.
void AddLabels(Session& session, const internal::v1::StartBridge& start) {
  std::map<std::string, std::string> labels;
  for (const auto& label : start.labels()) labels.emplace(label.key(), label.value());
  for (const auto& label : session.labels()) labels.emplace(label.key(), label.value());
  base::SetKeyValues(labels, *session.mutable_labels());
}

// Makes the session the bridge that this request asks for.
void TakeRequest(Course& course, const internal::v1::StartBridge& start) {
  Session& session = course.session();
  session.set_request_id(start.request_id());
  *session.mutable_plan() = start.plan();
  *session.mutable_callees() = start.callees();
  AddLabels(session, start);
  session.set_trace_id(start.trace_id());
  WantAudio(Caller(course), start.caller_muted(), start.caller_deafened());
}

Next BeginByRequest(Course& course, const internal::v1::StartBridge& start) {
  Session& session = course.session();
  session.set_origin(v1::Session::ORIGIN_REQUEST);
  *session.mutable_create_time() = base::ToTimestamp(course.learned());
  *session.mutable_settings() = start.settings();
  AddLeg(course, v1::Leg::ROLE_CALLER, start.caller());
  TakeRequest(course, start);
  if (start.has_start_before_time()) {
    *session.mutable_start_before_time() = start.start_before_time();
  }
  session.mutable_dialing()->set_caller_id_number(start.caller_id_number());
  *session.mutable_dialing()->mutable_ring_timeout() = start.caller_ring_timeout();
  FillCallerIds(course, start.default_number());
  return ToDialingCaller{};
}

// Returns why this service rejects an incoming call at once, without an offer.
v1::EndReason ReasonOfRejection(internal::v1::IncomingCall::Arrangement arrangement) {
  switch (arrangement) {
    case internal::v1::IncomingCall::ARRANGEMENT_BUSY:
      return v1::END_REASON_OVERLOADED;
    case internal::v1::IncomingCall::ARRANGEMENT_LOOP:
      return v1::END_REASON_FORWARDING_LOOP;
    default:
      return v1::END_REASON_NOT_ALLOWED;
  }
}

}  // namespace

Next OnIncomingCall(Course& course, const internal::v1::IncomingCall& incoming) {
  Session& session = course.session();
  if (session.phase_case() != Session::PHASE_NOT_SET) {
    course.Ignore("the call has its session already");
    return Stay{};
  }
  *session.mutable_create_time() = base::ToTimestamp(course.learned());
  *session.mutable_settings() = incoming.settings();
  *session.mutable_labels() = incoming.labels();
  session.set_route(incoming.route());
  AddCallerLeg(course, incoming.event());
  switch (incoming.arrangement()) {
    case internal::v1::IncomingCall::ARRANGEMENT_BRIDGE:
      session.set_origin(v1::Session::ORIGIN_ROUTE);
      *session.mutable_plan() = incoming.plan();
      *session.mutable_callees() = incoming.callees();
      FillCallerIds(course, {});
      return ToAnsweringCaller{};
    case internal::v1::IncomingCall::ARRANGEMENT_OFFER:
      session.set_origin(v1::Session::ORIGIN_OFFER);
      return ToOffered{};
    default:
      session.set_origin(v1::Session::ORIGIN_OFFER);
      TellOffered(course);
      return EndWith(v1::Outcome::RESULT_REJECTED, ReasonOfRejection(incoming.arrangement()),
                     v1::PARTY_SERVICE);
  }
}

Next OnStartBridge(Course& course, const internal::v1::StartBridge& start) {
  Session& session = course.session();
  course.Accept();
  if (session.phase_case() == Session::PHASE_NOT_SET) {
    Require(start.has_caller(), "a session that begins with StartBridge dials its caller");
    return BeginByRequest(course, start);
  }
  if (session.has_offered() &&
      base::FromTimestamp(session.offered().expire_time()) <= course.now()) {
    // After a pause of the service, this request is stepped before the overdue timer of the offer.
    course.Refuse(v1::ERROR_REASON_OFFER_GONE);
    return OnOfferTimer();
  }
  if (session.has_offered()) {
    TakeRequest(course, start);
    FillCallerIds(course, start.default_number());
    return ToAnsweringCaller{};
  }
  if (!session.request_id().empty() && session.request_id() == start.request_id()) {
    course.Ignore("the bridge was started by this request");
    return Stay{};
  }
  const bool offered_in_vain = session.request_id().empty() &&
                               session.origin() == v1::Session::ORIGIN_OFFER &&
                               (session.has_ending() || session.has_ended());
  course.Refuse(offered_in_vain ? v1::ERROR_REASON_OFFER_GONE : v1::ERROR_REASON_OFFER_TAKEN);
  course.Ignore("the call is not on offer");
  return Stay{};
}

}  // namespace callbridge::flow
