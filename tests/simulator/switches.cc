#include "tests/simulator/switches.h"

namespace callbridge::simulator {
namespace {

using Rows = std::vector<Named<Switches>>;

const std::vector<std::string>& NoYes() {
  static const std::vector<std::string> names{"no", "yes"};
  return names;
}

void AddSoundRows(Rows& rows) {
  using S = Switches;
  rows.push_back(
      Choice("stop-play-scope",
             "Which stop-play ends what a call hears: its own, its conference's (and then "
             "its own does nothing while it is in one), or either [3.4]",
             &S::stop_play_scope, {"call", "conference", "both"}));
  rows.push_back(Choice("stop-play-stops-say", "Whether stop-play ends a say too [3.4]",
                        &S::stop_play_stops_say, NoYes()));
  rows.push_back(Choice("idle-stop-play",
                        "stop-play while nothing sounds: 200 and nothing, 400, or 200 and a "
                        "PLAY_FINISHED of 0 ms [9.7]",
                        &S::idle_stop_play, {"silent", "refused", "event"}));
  rows.push_back(Choice("interrupted-sound-finishes",
                        "Whether an interrupted sound has a finished event [9.7]",
                        &S::interrupted_sound_finishes, NoYes()));
  rows.push_back(Choice("finished-on-hangup",
                        "Whether a sound cut by the end of its call has a finished event [9.26]",
                        &S::finished_on_hangup, NoYes()));
  rows.push_back(
      Choice("overlap",
             "A second say or play on a call that hears one: waits, replaces it, 400, or "
             "an ERROR event [9.8]",
             &S::overlap, {"queue", "replace", "refuse", "error"}));
  rows.push_back(Choice("say-too-early",
                        "say or play on a call not yet established: 200 and ERROR, or 400 [9.23]",
                        &S::say_too_early, {"error", "refused"}));
  rows.push_back(Choice("finished-custom-data",
                        "customData of SAY_FINISHED and PLAY_FINISHED: the call's, or none [3.4]",
                        &S::finished_custom_data, {"call", "absent"}));
  rows.push_back(
      Choice("conference-sound",
             "The finished event of a conference's say or play: once with conferenceId, or "
             "once for each participant with callId too [9.16]",
             &S::conference_sound, {"once", "each"}));
}

void AddRequestRows(Rows& rows) {
  using S = Switches;
  rows.push_back(Choice("ended-call",
                        "Status of an action on an ended call, where it documents a 400 [9.14]",
                        &S::ended_call, {"404", "400"}));
  rows.push_back(
      Choice("ended-conference",
             "Status of an action on an ended conference, where it documents a 400 [9.14]",
             &S::ended_conference, {"404", "400"}));
  rows.push_back(
      Choice("get-finds-ended",
             "Whether GET of an ended call or conference answers 200 instead of 404 [9.14]",
             &S::get_finds_ended, NoYes()));
  rows.push_back(Choice("history-has-live",
                        "Whether the history operations show what has not ended [9.14]",
                        &S::history_has_live, NoYes()));
  rows.push_back(Choice("second-answer", "A second answer of a call: 400 or 200 [9.24]",
                        &S::second_answer, {"400", "200"}));
  rows.push_back(Choice("second-add",
                        "PUT of a call into the conference it is in already: 400 or 200 [9.24]",
                        &S::second_add, {"400", "200"}));
  rows.push_back(
      Choice("add-before-established",
             "PUT of a call that is still being answered: joins when established, or 400 "
             "[3.5]",
             &S::add_before_established, {"waits", "400"}));
  rows.push_back(Choice("custom-data",
                        "A request's customData replaces the call's, or is merged into it [3.4]",
                        &S::custom_data, {"merge", "replace"}));
  rows.push_back(Choice("action-status", "The status of an accepted action [9.13]",
                        &S::action_status, {"IN_PROGRESS", "PENDING", "COMPLETED"}));
  rows.push_back(
      Choice("post-adds-call",
             "Whether POST adds an existing call as PUT does (the use case's verb) [9.3]",
             &S::post_adds_call, NoYes()));
  rows.push_back(Choice("plus-in-numbers",
                        "Whether a leading + in a phone number of a request is accepted [1.3]",
                        &S::plus_in_numbers, NoYes()));
  rows.push_back(Choice("list-order", "Order of lists [9.27]", &S::list_order,
                        {"newest-first", "oldest-first"}));
  rows.push_back(
      Choice("throttles",
             "Whether more than the published 6, 20 and 100 requests per second get 429; "
             "one bucket for each operation, whatever key and host [8]",
             &S::throttles, NoYes()));
  rows.push_back(Choice("api-base-url", "Form of apiBaseUrl in events [1.1]", &S::api_base_url,
                        {"full", "slash", "host", "absent"}));
  rows.push_back(Choice("sticky-base-url",
                        "Whether a request for a call or conference sent to another host than its "
                        "apiBaseUrl is answered 404 [9.17]",
                        &S::sticky_base_url, NoYes()));
}

void AddEventRows(Rows& rows) {
  using S = Switches;
  rows.push_back(Choice("ringing-in-conference",
                        "Whether a call that rings is shown as participant JOINING and has a "
                        "conferenceId [9.25]",
                        &S::ringing_in_conference, NoYes()));
  rows.push_back(Choice("conference-hangup-reaches-ringing",
                        "Whether the hangup of a conference ends calls that have not joined [3.5]",
                        &S::conference_hangup_reaches_ringing, NoYes()));
  rows.push_back(Choice("join-failed-order", "Which of the two comes first [9.12]",
                        &S::join_failed_order, {"join-failed-first", "call-failed-first"}));
  rows.push_back(Choice("join-failed-sent", "Whether PARTICIPANT_JOIN_FAILED is sent [4.4]",
                        &S::join_failed_sent, NoYes()));
  rows.push_back(Choice("call-failed-sent", "Whether CALL_FAILED is sent [4.4]",
                        &S::call_failed_sent, NoYes()));
  rows.push_back(Choice("joining-sent", "Whether PARTICIPANT_JOINING is sent [9.25]",
                        &S::joining_sent, NoYes()));
  rows.push_back(
      Choice("ringing-sent", "Whether CALL_RINGING is sent [9.25]", &S::ringing_sent, NoYes()));
  rows.push_back(Choice("removed-sent", "Whether PARTICIPANT_REMOVED is sent [9.25]",
                        &S::removed_sent, NoYes()));
  rows.push_back(Choice("established-order",
                        "CALL_ESTABLISHED and PARTICIPANT_JOINED of a call added before it was "
                        "established [9.12]",
                        &S::established_order, {"established-first", "joined-first"}));
  rows.push_back(
      Choice("finished-order",
             "CALL_FINISHED and PARTICIPANT_REMOVED: finished first when the person hung "
             "up and removed first otherwise, or always one of them [9.12]",
             &S::finished_order, {"by-cause", "finished-first", "removed-first"}));
  rows.push_back(Choice("conference-finished-first",
                        "Whether the hangup of a conference reports CONFERENCE_FINISHED before its "
                        "calls [9.12]",
                        &S::conference_finished_first, NoYes()));
  rows.push_back(Choice("last-participant-left",
                        "A conference that its last participant left [9.5]",
                        &S::last_participant_left, {"stays", "ends"}));
  rows.push_back(
      Choice("lone-participant",
             "A conference with one participant left of several: stays, or ends and hangs "
             "up [9.5]",
             &S::lone_participant, {"stays", "ends"}));
  rows.push_back(Choice("early-media",
                        "Whether a dialled call is PRE_ESTABLISHED before it is answered [4.4]",
                        &S::early_media, NoYes()));
  rows.push_back(Choice("failed-state",
                        "callLog.state of a call never answered: NO_ANSWER, BUSY, CANCELLED, or "
                        "always FAILED [9.15]",
                        &S::failed_state, {"precise", "failed"}));
  rows.push_back(Choice("received-state", "state of a call in CALL_RECEIVED [4.3]",
                        &S::received_state, {"RINGING", "CALLING"}));
  rows.push_back(Choice("call-events-name-conference",
                        "Whether every event of a call in a conference has its conferenceId [9.16]",
                        &S::call_events_name_conference, NoYes()));
}

void AddLaterRows(Rows& rows) {
  using S = Switches;
  rows.push_back(
      Choice("unknown-configuration",
             "What names a calls configuration that does not exist: 404, or accepted, and "
             "every call of it fails with error 10309 [1.4]",
             &S::unknown_configuration, {"404", "10309"}));
  rows.push_back(Choice("failed-leg-conference-ids",
                        "conferenceIds in the log of a call that was never established: left out, "
                        "an empty list, or the conference's id [4.3]",
                        &S::failed_leg_conference_ids, {"absent", "empty", "present"}));
  rows.push_back(Choice("answer-participants",
                        "participants of the conference in the answers to a creation, a dial and a "
                        "PUT: an empty list, or those who are there [3.5]",
                        &S::answer_participants, {"empty", "full"}));
  rows.push_back(Choice("abandoned-state",
                        "callLog.state of an incoming call whose caller gave up [9.15]",
                        &S::abandoned_state, {"NO_ANSWER", "CANCELLED"}));
  rows.push_back(Choice("throttle-body", "Which of the two shapes the body of a 429 has [1.4]",
                        &S::throttle_body, {"new", "old"}));
  rows.push_back(Choice("say-limit",
                        "Whether a say of more than 1,400 characters is answered 400 [3.4]",
                        &S::say_limit, {"none", "1400"}));
  rows.push_back(
      Choice("legacy-applications",
             "Whether the account is of the older flavour: it has the operations of applications, "
             "and requests, answers and events name an applicationId; or they are 404 [9.4]",
             &S::legacy_applications, {"404", "on"}));
  rows.push_back(Choice(
      "missing-file",
      "A play of a file that the account does not have: 404, 400, an ERROR event, or it plays "
      "as if it were there (404 if it was deleted or has expired) [9.28]",
      &S::missing_file, {"plays", "404", "400", "error"}));
}

Rows MakeRows() {
  Rows rows;
  AddSoundRows(rows);
  AddRequestRows(rows);
  AddEventRows(rows);
  AddLaterRows(rows);
  return rows;
}

}  // namespace

const std::vector<Named<Switches>>& SwitchRows() {
  static const Rows rows = MakeRows();
  return rows;
}

}  // namespace callbridge::simulator
