#include "server/flow/outcome.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <chrono>
#include <string_view>

#include "server/flow/callees.h"
#include "server/flow/reasons.h"

namespace callbridge::flow {
namespace {

// The provider's clock may tell the end of the call, so a ring may seem this much too short.
constexpr std::chrono::seconds kRingTolerance{1};

std::string Seconds(base::Duration duration) {
  return absl::StrFormat("%d s", std::chrono::round<std::chrono::seconds>(duration).count());
}

std::string Completed(const v1::Outcome& outcome) {
  const std::string talk = Seconds(base::FromProtoDuration(outcome.talk_duration()));
  switch (outcome.reason()) {
    case v1::END_REASON_MAX_DURATION:
      return absl::StrCat("They talked for ", talk, ", until the maximum duration.");
    case v1::END_REASON_REQUESTED:
      return absl::StrCat("They talked for ", talk, ", until the end was requested.");
    case v1::END_REASON_INTERNAL:
      return absl::StrCat("They talked for ", talk, ", until a defect of this service ended it.");
    case v1::END_REASON_NOTICE_REFUSED:
      return absl::StrCat("They were connected for ", talk, ", until the ",
                          outcome.ended_by() == v1::PARTY_CALLER ? "caller" : "callee",
                          " refused to be recorded.");
    default:
      break;
  }
  switch (outcome.ended_by()) {
    case v1::PARTY_CALLER:
      return absl::StrCat("They talked for ", talk, ", until the caller hung up.");
    case v1::PARTY_CALLEE:
      return absl::StrCat("They talked for ", talk, ", until the callee hung up.");
    case v1::PARTY_LOOK:
      return absl::StrCat("They talked for ", talk, ", until a call was lost.");
    default:
      return absl::StrCat("They talked for ", talk, ", until the provider ended the call.");
  }
}

// True if the person's telephone rang for the whole ring timeout.
bool RangToTheEnd(const internal::v1::Session& session, v1::Leg::Role role, base::Duration ring,
                  base::Time now) {
  for (const internal::v1::Leg& leg : session.legs()) {
    if (leg.role() != role || !leg.has_sent_time()) continue;
    const base::Time end = leg.has_end_time() ? base::FromTimestamp(leg.end_time()) : now;
    if (end - base::FromTimestamp(leg.sent_time()) >= ring - kRingTolerance) return true;
  }
  return false;
}

std::string Unreached(const internal::v1::Session& session, const v1::Outcome& outcome,
                      v1::Leg::Role role, base::Time now) {
  const bool caller = role == v1::Leg::ROLE_CALLER;
  const std::string who = caller ? "The caller " : "The callee ";
  if (outcome.reason() == v1::END_REASON_NO_ANSWER) {
    const base::Duration ring = base::FromProtoDuration(
        caller ? session.dialing().ring_timeout() : CalleeOf(session, kTheCallee).ring_timeout());
    if (!RangToTheEnd(session, role, ring, now)) return who + "did not answer.";
    return absl::StrCat(who, "did not answer within ", Seconds(ring), ".");
  }
  return absl::StrCat(who, std::string(Phrase(outcome.reason())), ".");
}

std::string Abandoned(const v1::Outcome& outcome) {
  if (outcome.reason() == v1::END_REASON_NOTICE_REFUSED) {
    return "The caller refused to be recorded before the callee joined.";
  }
  switch (outcome.ended_by()) {
    case v1::PARTY_CALLER:
      return "The caller hung up before the callee joined.";
    case v1::PARTY_LOOK:
      return "The caller's call was lost before the callee joined.";
    default:
      return "The caller's call was ended by the provider before the callee joined.";
  }
}

std::string Rejected(const v1::Outcome& outcome) {
  switch (outcome.reason()) {
    case v1::END_REASON_OFFER_EXPIRED:
      return "Nobody took the offered call in time.";
    case v1::END_REASON_REQUESTED:
      return "The offered call was refused by request.";
    case v1::END_REASON_OVERLOADED:
      return "The incoming call was rejected as busy: this service had no room for it.";
    case v1::END_REASON_FORWARDING_LOOP:
      return "The incoming call was rejected: it came from its own route, forwarded back to it, or "
             "its caller had too many calls on the route.";
    default:
      return "The incoming call was rejected: its number has no route.";
  }
}

}  // namespace

std::string Summarize(const internal::v1::Session& session, const v1::Outcome& outcome,
                      base::Time now) {
  switch (outcome.result()) {
    case v1::Outcome::RESULT_COMPLETED:
      return Completed(outcome);
    case v1::Outcome::RESULT_CALLEE_UNREACHED:
      return Unreached(session, outcome, v1::Leg::ROLE_CALLEE, now);
    case v1::Outcome::RESULT_CALLER_UNREACHED:
      return Unreached(session, outcome, v1::Leg::ROLE_CALLER, now);
    case v1::Outcome::RESULT_CALLER_ABANDONED:
      return Abandoned(outcome);
    case v1::Outcome::RESULT_REJECTED:
      return Rejected(outcome);
    case v1::Outcome::RESULT_CANCELLED:
      return "The end was requested before the two were connected.";
    default:
      break;
  }
  if (outcome.reason() == v1::END_REASON_INTERNAL) {
    return "A defect of this service ended the session.";
  }
  if (outcome.reason() == v1::END_REASON_LOST) {
    return "The bridge failed: the provider ended the conference without a word why.";
  }
  return absl::StrCat("The bridge failed: the call ", std::string(Phrase(outcome.reason())), ".");
}

void FillDurations(const internal::v1::Session& session, base::Time now, v1::Outcome* outcome) {
  const auto since = [](const google::protobuf::Timestamp& from, base::Time to) {
    return base::ToProtoDuration(std::max(base::Duration::zero(), to - base::FromTimestamp(from)));
  };
  const internal::v1::Leg& caller = session.legs(0);
  if (!session.has_connect_time()) {
    if (caller.has_answer_time())
      *outcome->mutable_wait_duration() = since(caller.answer_time(), now);
    return;
  }
  base::Time end = now;
  for (const internal::v1::Leg& leg : session.legs()) {
    // A second call of a dial is hung up, and does not end the talk.
    if (!leg.has_join_time() || leg.unwanted()) continue;
    if (leg.has_end_time()) end = std::min(end, base::FromTimestamp(leg.end_time()));
    if (leg.has_leave_time()) end = std::min(end, base::FromTimestamp(leg.leave_time()));
  }
  *outcome->mutable_talk_duration() = since(session.connect_time(), end);
  *outcome->mutable_wait_duration() =
      since(caller.answer_time(), base::FromTimestamp(session.connect_time()));
}

}  // namespace callbridge::flow
