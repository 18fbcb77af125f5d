#include "server/flow/public_view.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <string>
#include <utility>

#include "server/flow/command_names.h"

namespace callbridge::flow {
namespace {

using State = v1::Session;

void AddIssue(const internal::v1::Session& before, v1::Issue::Kind kind, std::string summary,
              base::Time now, google::protobuf::RepeatedPtrField<v1::Issue>* issues) {
  v1::Issue& issue = *issues->Add();
  issue.set_kind(kind);
  issue.set_summary(std::move(summary));
  *issue.mutable_since_time() = base::ToTimestamp(now);
  for (const v1::Issue& old : before.issues()) {
    if (old.kind() == kind && old.summary() == issue.summary()) {
      *issue.mutable_since_time() = old.since_time();
    }
  }
}

}  // namespace

bool IsSent(const internal::v1::Leg& leg) {
  return leg.role() == v1::Leg::ROLE_CALLER || leg.has_sent_time();
}

bool IsOfPursuit(const internal::v1::Timer& timer) {
  return timer.kind() != internal::v1::Timer::KIND_RECORDING_LOOK;
}

bool IsPursuing(const internal::v1::Session& session) {
  return session.has_ended() &&
         std::any_of(session.timers().begin(), session.timers().end(), &IsOfPursuit);
}

std::int32_t EndedSequence(const internal::v1::Session& session) {
  return session.ended_sequence() == 0 ? session.sequence() : session.ended_sequence();
}

v1::Session::State StateOf(const internal::v1::Session& session) {
  switch (session.phase_case()) {
    case internal::v1::Session::kOffered:
      return State::STATE_OFFERED;
    case internal::v1::Session::kAnsweringCaller:
    case internal::v1::Session::kDialingCaller:
    case internal::v1::Session::kJoiningCaller:
      return State::STATE_PREPARING;
    case internal::v1::Session::kGreeting:
      return State::STATE_GREETING;
    case internal::v1::Session::kDialingCallee:
      return State::STATE_RINGING;
    case internal::v1::Session::kStoppingMusic:
      return State::STATE_JOINING;
    case internal::v1::Session::kAnnouncing:
    case internal::v1::Session::kConnected:
      return State::STATE_CONNECTED;
    case internal::v1::Session::kApologizing:
      return State::STATE_APOLOGIZING;
    case internal::v1::Session::kEnding:
      return State::STATE_ENDING;
    case internal::v1::Session::kEnded:
      return State::STATE_ENDED;
    case internal::v1::Session::PHASE_NOT_SET:
      return State::STATE_UNSPECIFIED;
  }
  return State::STATE_UNSPECIFIED;
}

v1::Leg PublicLeg(const internal::v1::Leg& leg) {
  v1::Leg view;
  view.set_leg_id(leg.leg_id());
  view.set_role(leg.role());
  const bool joined = leg.has_join_time() && leg.state() != v1::Leg::STATE_ENDED;
  view.set_state(joined ? v1::Leg::STATE_JOINED : leg.state());
  *view.mutable_endpoint() = leg.endpoint();
  view.set_service_number(leg.service_number());
  view.set_call_id(leg.call_id());
  *view.mutable_create_time() = leg.create_time();
  if (leg.has_ring_time()) *view.mutable_ring_time() = leg.ring_time();
  if (leg.has_answer_time()) *view.mutable_answer_time() = leg.answer_time();
  if (leg.has_join_time()) *view.mutable_join_time() = leg.join_time();
  if (leg.has_end_time()) *view.mutable_end_time() = leg.end_time();
  if (leg.has_end()) *view.mutable_end() = leg.end();
  view.set_muted(leg.audio().muted());
  view.set_deafened(leg.audio().deafened());
  view.set_mute_wanted(leg.audio().mute_wanted());
  view.set_deafen_wanted(leg.audio().deafen_wanted());
  return view;
}

v1::Session PublicView(const internal::v1::Session& session) {
  v1::Session view;
  view.set_session_id(session.session_id());
  view.set_version(session.sequence());
  view.set_state(StateOf(session));
  if (session.has_outcome()) *view.mutable_outcome() = session.outcome();
  view.set_origin(session.origin());
  view.set_request_id(session.request_id());
  for (const auto& label : session.labels()) {
    (*view.mutable_labels())[label.key()] = label.value();
  }
  if (session.has_plan()) *view.mutable_plan() = session.plan();
  *view.mutable_callees() = session.callees();
  for (const internal::v1::Leg& leg : session.legs()) {
    if (IsSent(leg)) *view.add_legs() = PublicLeg(leg);
  }
  view.set_conference_id(session.conference().conference_id());
  if (session.has_offered()) *view.mutable_offer_expire_time() = session.offered().expire_time();
  *view.mutable_create_time() = session.create_time();
  if (session.has_connect_time()) *view.mutable_connect_time() = session.connect_time();
  if (session.has_end_time()) {
    *view.mutable_end_time() = session.end_time();
    *view.mutable_expire_time() =
        base::ToTimestamp(base::FromTimestamp(session.end_time()) +
                          base::FromProtoDuration(session.settings().retention()));
  }
  for (const internal::v1::Leg& leg : session.legs()) {
    const bool ended = leg.notice().evidence().attempt() > 0;
    if (ended) *view.add_notices() = leg.notice().evidence();
  }
  for (const internal::v1::Recorder& recorder : session.recordings().recorders()) {
    if (recorder.shown()) *view.add_recordings() = recorder.recording();
  }
  *view.mutable_issues() = session.issues();
  view.set_trace_id(session.trace_id());
  view.set_account_name(session.settings().account());
  return view;
}

void RefreshIssues(internal::v1::Session* session, base::Time now) {
  google::protobuf::RepeatedPtrField<v1::Issue> issues;
  for (const internal::v1::OpenCommand& open : session->open_commands()) {
    const std::string name = CommandName(open.command());
    if (open.status() == internal::v1::Command::STATUS_UNKNOWN) {
      AddIssue(*session, v1::Issue::KIND_COMMAND_UNKNOWN,
               absl::StrCat(name, " got no clear answer from the provider; it is being looked up."),
               now, &issues);
    } else if (open.last_failure() == internal::v1::CommandResult::VERDICT_THROTTLED) {
      AddIssue(*session, v1::Issue::KIND_THROTTLED,
               absl::StrCat(name, " is held back by the provider's limits."), now, &issues);
    }
  }
  for (const internal::v1::Leg& leg : session->legs()) {
    if (leg.lost()) {
      AddIssue(
          *session, v1::Issue::KIND_COMMAND_UNKNOWN,
          absl::StrCat("Dialling ", leg.leg_id(),
                       " got no clear answer from the provider; the call is being looked for."),
          now, &issues);
    }
    if (session->has_ended() && IsSent(leg) && leg.state() != v1::Leg::STATE_ENDED) {
      AddIssue(
          *session, v1::Issue::KIND_HANGUP_PENDING,
          absl::StrCat("The end of ", leg.leg_id(), " is not confirmed; hanging it up is pursued."),
          now, &issues);
    }
  }
  *session->mutable_issues() = std::move(issues);
}

}  // namespace callbridge::flow
