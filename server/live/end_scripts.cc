// Scripts about how the end of calls and conferences is told.
#include "server/live/scripts.h"
#include "server/live/steps.h"

namespace callbridge::live {
namespace {

constexpr std::chrono::seconds kPersonHangsUp{30};

// The type of the event that came first, or nothing if one of them did not come.
std::string FirstOfEnd(Stage& stage, const std::string& call) {
  const auto finished = stage.WaitFor({{"CALL_FINISHED"}, call}, kEventSoon);
  const auto removed = stage.WaitFor({{"PARTICIPANT_REMOVED"}, call}, kEventSoon);
  if (!finished || !removed) return "";
  return IsBefore(*finished, *removed) ? finished->type : removed->type;
}

}  // namespace

void PlayConferenceEnd(Stage& stage) {
  const auto joined = TalkInConference(stage);
  if (!joined) return;
  const Reply hung_up = stage.Post(ConferencePath(joined->conference, "/hangup"), "{}");
  if (!hung_up.accepted()) return GiveUpOn(stage, "the hangup of a conference", hung_up);
  const std::string first = FirstOfEnd(stage, joined->call);
  if (stage.over()) return;
  stage.findings().first_by_request = first;
  const auto call = stage.Find({{"CALL_FINISHED"}, joined->call});
  const auto conference =
      stage.WaitFor({{"CONFERENCE_FINISHED"}, "", joined->conference}, kEventSoon);
  if (!call || !conference) {
    return stage.Leave("conference-finished-first",
                       "CALL_FINISHED or CONFERENCE_FINISHED did not come");
  }
  stage.Found("conference-finished-first", IsBefore(*conference, *call) ? "yes" : "no");
}

void PlayPersonHangsUp(Stage& stage) {
  const auto joined = TalkInConference(stage);
  if (!joined) return;
  if (!stage.WaitFor({{"CALL_FINISHED", "PARTICIPANT_REMOVED"}, joined->call}, kPersonHangsUp)) {
    return stage.GiveUp("the telephone was not hung up within 30 s, or no webhook told it",
                        "play the script again and hang up after five seconds");
  }
  const std::string by_person = FirstOfEnd(stage, joined->call);
  const std::string& by_request = stage.findings().first_by_request;
  const std::string name = "finished-order";
  if (by_person.empty()) return stage.Leave(name, "one of the two events did not come");
  if (by_request.empty()) return stage.Leave(name, "the script conference-end has to tell too");
  if (by_person == by_request) {
    return stage.Found(name, by_person == "CALL_FINISHED" ? "finished-first" : "removed-first");
  }
  if (by_person == "CALL_FINISHED") return stage.Found(name, "by-cause");
  stage.Leave(name, "PARTICIPANT_REMOVED came first only when the person hung up");
}

}  // namespace callbridge::live
