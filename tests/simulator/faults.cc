#include "tests/simulator/faults.h"

namespace callbridge::simulator {
namespace {

using Rows = std::vector<Named<Faults>>;

void AddWebhookRows(Rows& rows) {
  using F = Faults;
  rows.push_back(Probability("duplicate", "An event is delivered twice", &F::duplicate));
  rows.push_back(Span("duplicate-after", "How much later the second time", &F::duplicate_after));
  rows.push_back(Probability("delay", "An event is delivered late", &F::delay));
  rows.push_back(Span("delay-by", "At most by so much", &F::delay_by));
  rows.push_back(Probability(
      "reorder", "An event is held back until the next one left, for 1 s at most", &F::reorder));
  rows.push_back(Probability("drop", "An event is never delivered", &F::drop));
  rows.push_back(Words("drop-types", "Events of these types are never delivered", &F::drop_types));
  rows.push_back(Count("drop-number",
                       "The event of this number (1 is the first) is never delivered",
                       &F::drop_number));
  rows.push_back(Count("drop-from", "No event from this number on is delivered", &F::drop_from));
  rows.push_back(Probability("missing-finished", "A SAY_FINISHED or PLAY_FINISHED is never sent",
                             &F::missing_finished));
  rows.push_back(Probability("unknown-event", "An event is followed by one of an unknown type",
                             &F::unknown_event));
  rows.push_back(
      Probability("unknown-field", "An event has fields nobody documented", &F::unknown_field));
  rows.push_back(Probability("null-fields", "Absent fields are written as null", &F::null_fields));
  rows.push_back(Probability("zulu-times", "Times end in Z instead of +0000", &F::zulu_times));
  rows.push_back(
      Probability("colon-times", "Times end in +00:00 instead of +0000", &F::colon_times));
  rows.push_back(Probability("unknown-state",
                             "Calls and participants are shown in states that are documented "
                             "nowhere: DISCONNECTED, TRANSFERRING, UNKNOWN",
                             &F::unknown_state));
  rows.push_back(Probability(
      "array", "An event is delivered as an array, together with its duplicate if any", &F::array));
}

void AddRequestRows(Rows& rows) {
  using F = Faults;
  rows.push_back(Probability("throttled", "A request is answered 429", &F::throttled));
  rows.push_back(
      Count("retry-after", "Retry-After of a 429, in seconds; 0 leaves it out", &F::retry_after));
  rows.push_back(
      Probability("error-before", "A request is answered 500 and has no effect", &F::error_before));
  rows.push_back(
      Probability("error-after", "A request has its effect and is answered 500", &F::error_after));
  rows.push_back(Probability("reset-before", "The connection is reset and nothing happened",
                             &F::reset_before));
  rows.push_back(
      Probability("reset-after", "The connection is reset after the effect", &F::reset_after));
  rows.push_back(
      Probability("slow-response", "A response is late, its effect is not", &F::slow_response));
  rows.push_back(Span("slow-response-by", "By so much", &F::slow_response_by));
  rows.push_back(Probability("event-before-response",
                             "A response leaves after the events that the request caused",
                             &F::event_before_response));
  rows.push_back(Probability("action-failed",
                             "An action is answered 200 with status FAILED and has no effect",
                             &F::action_failed));
  rows.push_back(
      Probability("sound-error", "A say or play ends in an ERROR event", &F::sound_error));
  rows.push_back(Words("operations",
                       "The request faults strike these operations only (names as in the state's "
                       "counts); empty: all",
                       &F::operations));
  rows.push_back(Count(
      "times", "The request faults strike so many requests and then no more; 0: all", &F::times));
  rows.push_back(Probability("stale-read", "A GET of a call answers with what was true 2 s before",
                             &F::stale_read));
  rows.push_back(Probability("stale-conference-read",
                             "A GET of a conference answers with what was true 2 s before",
                             &F::stale_conference_read));
  rows.push_back(Probability(
      "not-found", "A GET of a call or a conference that is there answers 404", &F::not_found));
  rows.push_back(Span("list-lag", "Lists do not show what is younger than this", &F::list_lag));
  rows.push_back(Probability("recording-failed",
                             "A recording that was accepted fails, which its FAILED event tells",
                             &F::recording_failed));
  rows.push_back(Probability("composition-failed",
                             "The one file of a conference cannot be composed: "
                             "CONFERENCE_COMPOSITION_FAILED",
                             &F::composition_failed));
}

Rows MakeRows() {
  Rows rows;
  AddWebhookRows(rows);
  AddRequestRows(rows);
  return rows;
}

}  // namespace

const std::vector<Named<Faults>>& FaultRows() {
  static const Rows rows = MakeRows();
  return rows;
}

const std::vector<Named<Delays>>& DelayRows() {
  using D = Delays;
  static const std::vector<Named<Delays>> rows{
      Span("event", "From an occurrence to its webhook", &D::event),
      Span("answer", "From an accepted answer to CALL_ESTABLISHED", &D::answer),
      Span("join", "From JOINING, or from CALL_ESTABLISHED if later, to JOINED", &D::join),
      Span("ring", "From a dial to CALL_RINGING; scaled by the speed factor", &D::ring),
      Span("file", "How long a played file is; scaled by the speed factor", &D::file),
      Span("inbound-ring", "How long the network lets an incoming call ring", &D::inbound_ring),
      Span("connect-timeout", "Used when a dial names none", &D::connect_timeout),
      Span("empty-conference", "After this a conference that nobody joined ends; 0: never",
           &D::empty_conference),
      Span("recording", "From the end of a recording to its files", &D::recording),
  };
  return rows;
}

}  // namespace callbridge::simulator
