// The script about recordings.
#include <absl/strings/str_cat.h>

#include "server/live/json_look.h"
#include "server/live/scripts.h"
#include "server/live/steps.h"

namespace callbridge::live {
namespace {

using std::chrono::seconds;
using Kind = OpenThings::Kind;

constexpr seconds kRecorded{3};
constexpr seconds kComposedAfterStop{30};
constexpr seconds kComposedAfterEnd{90};
constexpr char kComposed[] = "/properties/recording/composedFiles";

// Waits for the event that brings the one file of the conference.
bool AwaitComposed(Stage& stage, const std::string& conference, seconds longest) {
  const base::Time until = stage.Now() + longest;
  std::size_t place = 0;
  while (stage.Now() < until) {
    const auto event = stage.WaitFor(
        {{"CONFERENCE_RECORDING_READY", "CONFERENCE_COMPOSITION_FINISHED"}, "", conference, place},
        until - stage.Now());
    if (!event) return false;
    if (PresenceAt(event->body, kComposed) == Presence::kFilled) return true;
    place = event->place + 1;
  }
  return false;
}

// Starts a recording. Its files are deleted, whatever becomes of the script.
Reply StartRecording(Stage& stage, const OpenThings::Thing& of, const std::string& body) {
  Reply reply = stage.Post(PathOf(of) + "/start-recording", body);
  if (reply.accepted() || reply.unanswered()) stage.things().NoteRecording(of);
  return reply;
}

// False if the account has no recording, or the script has given up.
bool AskStart(Stage& stage, const std::string& call) {
  const Reply first = StartRecording(stage, {Kind::kCall, call}, WriteCallRecording());
  if (first.status == 403) {
    stage.Found("recording", "403");
    for (const char* open :
         {"second-recording", "recording-stopped-at-end", "composition", "composed-told"}) {
      stage.Leave(open, "recording is not enabled");
    }
    stage.Tell("3.6",
               "a start of a recording was answered 403: ask your account manager to enable "
               "recording, and give the key the scope calls:traffic:record");
    return false;
  }
  if (!first.accepted()) {
    GiveUpOn(stage, "the start of a recording", first);
    return false;
  }
  stage.Found("recording", "on");
  // It makes no file of its own.
  const Reply second = stage.Post(CallPath(call, "/start-recording"), WriteCallRecording());
  FindByAnswer(stage, "second-recording", second, "200", "400");
  stage.Pause(kRecorded);
  const Reply stopped = stage.Post(CallPath(call, "/stop-recording"));
  if (!stopped.accepted()) GiveUpOn(stage, "the stop of a recording", stopped);
  return !stage.over();
}

void AskComposedTold(Stage& stage, const std::string& conference) {
  // The second of the two may follow the first.
  stage.Pause(seconds(3));
  const bool finished =
      stage.Find({{"CONFERENCE_COMPOSITION_FINISHED"}, "", conference}).has_value();
  const bool ready = stage.Find({{"CONFERENCE_RECORDING_READY"}, "", conference}).has_value();
  stage.Found("composed-told", !finished ? "ready" : ready ? "both" : "finished");
}

}  // namespace

void PlayRecording(Stage& stage) {
  const auto joined = TalkInConference(stage);
  if (!joined || !AskStart(stage, joined->call)) return;
  const std::string& conference = joined->conference;
  const Reply started =
      StartRecording(stage, {Kind::kConference, conference}, WriteConferenceRecording());
  if (!started.accepted()) {
    return GiveUpOn(stage, "the start of a conference's recording", started);
  }
  stage.Pause(kRecorded);
  const Reply stopped = stage.Post(ConferencePath(conference, "/stop-recording"));
  if (!stopped.accepted()) return GiveUpOn(stage, "the stop of a conference's recording", stopped);
  const bool after_stop = AwaitComposed(stage, conference, kComposedAfterStop);
  if (stage.over()) return;

  const std::size_t mark = stage.Mark();
  const Reply again = StartRecording(stage, {Kind::kCall, joined->call}, WriteCallRecording());
  stage.Pause(kRecorded);
  const Reply hung_up = stage.Post(ConferencePath(conference, "/hangup"), "{}");
  if (!hung_up.accepted()) return GiveUpOn(stage, "the hangup of a conference", hung_up);
  const bool told =
      stage.WaitFor({{"CALL_RECORDING_STOPPED"}, joined->call, "", mark}, kEventSoon).has_value();
  if (again.accepted()) {
    stage.Found("recording-stopped-at-end", told ? "yes" : "no");
  } else {
    stage.Leave("recording-stopped-at-end", AnswerIn("the start of a recording", again));
  }
  if (after_stop || AwaitComposed(stage, conference, kComposedAfterEnd)) {
    stage.Found("composition", after_stop ? "after-stop" : "after-conference");
    AskComposedTold(stage, conference);
  } else {
    stage.Leave("composition", "no file was composed within 90 s after the conference");
    stage.Leave("composed-told", "no file was composed within 90 s after the conference");
  }
}

}  // namespace callbridge::live
