#include "server/flow/outcome.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <chrono>
#include <string_view>

#include "server/flow/reasons.h"

namespace callbridge::flow {
namespace {

std::string Seconds(base::Duration duration) {
  return absl::StrFormat("%d s",
                         std::chrono::duration_cast<std::chrono::seconds>(duration).count());
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
    default:
      break;
  }
  switch (outcome.ended_by()) {
    case v1::PARTY_CALLER:
      return absl::StrCat("They talked for ", talk, ", until the caller hung up.");
    case v1::PARTY_CALLEE:
      return absl::StrCat("They talked for ", talk, ", until the callee hung up.");
    default:
      return absl::StrCat("They talked for ", talk, ", until the provider ended the call.");
  }
}

std::string Unreached(const internal::v1::Session& session, const v1::Outcome& outcome,
                      std::string_view who) {
  if (outcome.reason() == v1::END_REASON_NO_ANSWER) {
    const auto& ring =
        who == "caller" ? session.dialing().ring_timeout() : session.callees(0).ring_timeout();
    return absl::StrCat("The ", std::string(who), " did not answer within ",
                        Seconds(base::FromProtoDuration(ring)), ".");
  }
  return absl::StrCat("The ", std::string(who), " ", std::string(Phrase(outcome.reason())), ".");
}

std::string Declined(const v1::Outcome& outcome) {
  switch (outcome.reason()) {
    case v1::END_REASON_OFFER_EXPIRED:
      return "Nobody took the offered call in time.";
    case v1::END_REASON_REQUESTED:
      return "The offered call was refused by request.";
    case v1::END_REASON_FORWARDING_LOOP:
      return "The incoming call was rejected: it came from its own route, forwarded back to it.";
    default:
      return "The incoming call was rejected: its number has no route.";
  }
}

}  // namespace

std::string Summarize(const internal::v1::Session& session, const v1::Outcome& outcome) {
  switch (outcome.result()) {
    case v1::Outcome::RESULT_COMPLETED:
      return Completed(outcome);
    case v1::Outcome::RESULT_CALLEE_UNREACHED:
      return Unreached(session, outcome, "callee");
    case v1::Outcome::RESULT_CALLER_UNREACHED:
      return Unreached(session, outcome, "caller");
    case v1::Outcome::RESULT_CALLER_ABANDONED:
      return "The caller hung up before the callee joined.";
    case v1::Outcome::RESULT_OFFER_DECLINED:
      return Declined(outcome);
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
    if (leg.has_join_time() && leg.has_end_time()) {
      end = std::min(end, base::FromTimestamp(leg.end_time()));
    }
  }
  *outcome->mutable_talk_duration() = since(session.connect_time(), end);
  *outcome->mutable_wait_duration() =
      since(caller.answer_time(), base::FromTimestamp(session.connect_time()));
}

}  // namespace callbridge::flow
