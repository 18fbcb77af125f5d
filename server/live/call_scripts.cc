// Scripts about calls that ring: what is told until they are answered, or not.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include "server/base/phone_number.h"
#include "server/live/json_look.h"
#include "server/live/scripts.h"
#include "server/live/steps.h"

namespace callbridge::live {
namespace {

using std::chrono::seconds;

// A telephone that has not begun to ring after this time is taken for one whose ringing is not
// told.
constexpr seconds kRinging{8};
constexpr int kMethodNotAllowed = 405;

void AskParticipantsOfDial(Stage& stage, const Reply& dialled) {
  const Presence there = PresenceAt(dialled.body, "/conference/participants");
  if (there == Presence::kAbsent) {
    stage.Leave("answer-participants", "the answer to a dial has no participants");
  } else {
    stage.Found("answer-participants", there == Presence::kFilled ? "full" : "empty");
  }
}

void AskWhileItRings(Stage& stage, const std::string& conference, const std::string& call) {
  const Reply look = stage.Get(ConferencePath(conference));
  if (look.accepted()) {
    stage.Found("ringing-in-conference", HasParticipant(look, call) ? "yes" : "no");
  }

  const Reply said = stage.Post(CallPath(call, "/say"), WriteSay("Test."));
  if (IsRefusal(said)) {
    stage.Found("say-too-early", "refused");
  } else if (said.accepted() && stage.WaitFor({{"ERROR"}, call}, seconds(3))) {
    stage.Found("say-too-early", "error");
  } else {
    const bool early = stage.Find({{"CALL_PRE_ESTABLISHED"}, call}).has_value();
    stage.Leave("say-too-early",
                absl::StrCat(AnswerIn("a say", said), ", and no ERROR came within 3 s",
                             early ? "; the call had early media, in which a say is heard" : ""));
  }
}

void AskFailure(Stage& stage, const std::string& call, const Event& failed) {
  const std::string log = "/properties/callLog";
  stage.Found("failed-state", At(failed.body, log + "/state") == "FAILED" ? "failed" : "precise");
  switch (PresenceAt(failed.body, log + "/conferenceIds")) {
    case Presence::kAbsent:
      stage.Found("failed-leg-conference-ids", "absent");
      break;
    case Presence::kEmpty:
      stage.Found("failed-leg-conference-ids", "empty");
      break;
    case Presence::kFilled:
      stage.Found("failed-leg-conference-ids", "present");
  }
  stage.Tell("6", absl::StrCat("a dial that was not answered ended with ",
                               At(failed.body, log + "/errorCode/name")));
  const auto join_failed = stage.Find({{"PARTICIPANT_JOIN_FAILED"}, call});
  if (!join_failed) return;
  stage.Found("join-failed-order",
              IsBefore(*join_failed, failed) ? "join-failed-first" : "call-failed-first");
}

void AskFailureWithoutEvent(Stage& stage, const std::string& call) {
  for (const char* open : {"join-failed-order", "failed-leg-conference-ids"}) {
    stage.Leave(open, "CALL_FAILED did not come");
  }
  const Reply history = stage.Get(CallPath(call, "/history"));
  const std::string state = At(history.body, "/state");
  if (!state.empty()) stage.Found("failed-state", state == "FAILED" ? "failed" : "precise");
}

// The end of a call that nobody answers. False if the script has given up.
bool AwaitFailure(Stage& stage, const std::string& call) {
  const auto end =
      stage.WaitFor({{"CALL_FAILED", "PARTICIPANT_JOIN_FAILED", "CALL_ESTABLISHED"}, call},
                    kRingsBriefly + kEventSoon);
  if (stage.over()) return false;
  if (!end) {
    stage.GiveUp("no webhook told within 21 s that the call was not answered",
                 "doctor without --live says whether the subscription has CALL_FAILED and "
                 "PARTICIPANT_JOIN_FAILED");
    return false;
  }
  // The second of the two follows at once, if it comes.
  stage.WaitFor({{end->type == "CALL_FAILED" ? "PARTICIPANT_JOIN_FAILED" : "CALL_FAILED"}, call},
                seconds(3));
  return true;
}

}  // namespace

void PlayNoAnswer(Stage& stage) {
  const std::string conference = MakeConference(stage);
  if (stage.over()) return;
  Reply dialled;
  const std::string call = DialInto(stage, conference, kRingsBriefly, kLastsBriefly, &dialled);
  if (stage.over()) return;
  AskParticipantsOfDial(stage, dialled);
  stage.WaitFor({{"CALL_RINGING"}, call}, kRinging);
  AskWhileItRings(stage, conference, call);
  if (!AwaitFailure(stage, call)) return;
  const auto join_failed = stage.Find({{"PARTICIPANT_JOIN_FAILED"}, call});
  const auto call_failed = stage.Find({{"CALL_FAILED"}, call});
  stage.Found("join-failed-sent", join_failed ? "yes" : "no");
  stage.Found("call-failed-sent", call_failed ? "yes" : "no");
  stage.Found("joining-sent", stage.Find({{"PARTICIPANT_JOINING"}, call}) ? "yes" : "no");
  stage.Found("ringing-sent", stage.Find({{"CALL_RINGING"}, call}) ? "yes" : "no");
  if (!join_failed) stage.Leave("join-failed-order", "PARTICIPANT_JOIN_FAILED did not come");
  if (join_failed) {
    stage.Tell("9.11", absl::StrFormat("the reason of PARTICIPANT_JOIN_FAILED was \"%s\"",
                                       At(join_failed->body, "/properties/reason")));
  }
  if (call_failed) return AskFailure(stage, call, *call_failed);
  AskFailureWithoutEvent(stage, call);
}

void PlayRingingHangup(Stage& stage) {
  const std::string conference = MakeConference(stage);
  if (stage.over()) return;
  const std::string call = DialInto(stage, conference, kRingsBriefly, kLastsBriefly);
  if (stage.over()) return;
  stage.WaitFor({{"CALL_RINGING"}, call}, kRinging);
  stage.Pause(seconds(1));
  if (stage.over()) return;
  const Reply hung_up = stage.Post(ConferencePath(conference, "/hangup"), "{}");
  if (!hung_up.accepted()) return GiveUpOn(stage, "the hangup of a conference", hung_up);
  const std::string name = "conference-hangup-reaches-ringing";
  if (stage.WaitFor({{"CALL_FAILED", "CALL_FINISHED"}, call}, kEventSoon)) {
    return stage.Found(name, "yes");
  }
  const Reply look = stage.Get(CallPath(call));
  const bool rings = look.accepted() && At(look.body, "/endTime").empty();
  stage.Found(name, rings ? "no" : "yes");
}

void PlayEarlyAdd(Stage& stage) {
  const std::string conference = MakeConference(stage);
  if (stage.over()) return;
  const std::string call =
      DialAlone(stage, {std::string(base::WithoutPlus(stage.options().to)),
                        static_cast<int>(kRings.count()), static_cast<int>(kLasts.count())});
  if (stage.over()) return;
  const std::string place = ParticipantPath(conference, call);
  const Reply early = stage.Put(place, WriteMarks(stage.options()));
  const bool waits = early.accepted();
  FindByAnswer(stage, "add-before-established", early, "waits", "400");
  if (!AwaitAnswer(stage, call)) return;
  if (!waits) {
    const Reply again = stage.Put(place, WriteMarks(stage.options()));
    if (!again.accepted()) return GiveUpOn(stage, "a PUT of an answered call", again);
  }
  if (!AwaitJoined(stage, conference, call)) return;
  const Reply second = stage.Put(place, WriteMarks(stage.options()));
  FindByAnswer(stage, "second-add", second, "200", "400");

  const Reply removed = stage.Delete(place);
  if (!removed.accepted()) return GiveUpOn(stage, "the removal from a conference", removed);
  const bool told = stage.WaitFor({{"PARTICIPANT_REMOVED"}, call}, kEventSoon).has_value();
  stage.Found("removed-sent", told ? "yes" : "no");
  const bool ended = stage.WaitFor({{"CONFERENCE_FINISHED"}, "", conference}, kEventSoon) ||
                     stage.Get(ConferencePath(conference)).status == 404;
  stage.Found("last-participant-left", ended ? "ends" : "stays");

  const std::string other = MakeConference(stage);
  if (stage.over()) return;
  const Reply posted = stage.Post(ParticipantPath(other, call), WriteMarks(stage.options()));
  // A path that has no POST.
  if (posted.status == kNotFound || posted.status == kMethodNotAllowed) {
    return stage.Found("post-adds-call", "no");
  }
  FindByAnswer(stage, "post-adds-call", posted, "yes", "no");
}

void PlayNoTimeout(Stage& stage) {
  const int longest = static_cast<int>(kRingsWithoutLimit.count());
  const CallBody plus{stage.options().to, std::nullopt, longest};
  const Reply dialled = stage.Post("/calls/1/calls", WriteCall(stage.options(), plus));
  std::string call = KeepCall(stage, dialled, "/id");
  if (!call.empty()) {
    stage.Found("plus-in-numbers", "yes");
  } else if (dialled.status == 400) {
    const CallBody plain{std::string(base::WithoutPlus(stage.options().to)), std::nullopt, longest};
    call = DialAlone(stage, plain);
    if (!call.empty()) stage.Found("plus-in-numbers", "no");
  } else {
    GiveUpOn(stage, "the dial", dialled);
  }
  if (stage.over()) return;
  const auto end = stage.WaitFor({{"CALL_FAILED", "CALL_ESTABLISHED", "CALL_FINISHED"}, call},
                                 kRingsWithoutLimit);
  if (stage.over()) return;
  if (!end) {
    return stage.Tell("9.10", "a dial that names no connectTimeout had not ended after 150 s");
  }
  const std::string rang = absl::StrFormat(
      "%.0f s", std::chrono::duration<double>(end->arrived - dialled.answered).count());
  stage.Tell("9.10", absl::StrCat("a dial that names no connectTimeout ended after ", rang, " as ",
                                  At(end->body, "/properties/callLog/errorCode/name")));
}

}  // namespace callbridge::live
