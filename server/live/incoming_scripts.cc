// Scripts about calls that the person makes.
#include <absl/strings/str_cat.h>

#include "server/live/json_look.h"
#include "server/live/scripts.h"
#include "server/live/steps.h"

namespace callbridge::live {
namespace {

using std::chrono::seconds;

constexpr seconds kCalled{60};
constexpr seconds kGaveUp{60};

// The person's call. The stage does not show calls of other people, because they are not ours to
// answer.
std::optional<Event> AwaitCall(Stage& stage) {
  const auto event = stage.WaitFor({{"CALL_RECEIVED"}, "", "", stage.Mark()}, kCalled);
  if (event) {
    stage.Keep(OpenThings::Kind::kCall, event->call_id);
    return event;
  }
  stage.GiveUp("no call from that telephone came within 60 s",
               "call from the number of --to, with your number shown. If you did, doctor without "
               "--live says whether the number leads to the calls configuration");
  return std::nullopt;
}

// Whether a request is answered that goes to another host than the one that the event names.
void AskSticky(Stage& stage, const Event& received) {
  const std::string path = CallPath(received.call_id);
  if (!stage.IsAbroad(path)) {
    return stage.Leave("sticky-base-url",
                       "apiBaseUrl is the account's own base URL, or the settings do not allow it");
  }
  const Reply look = stage.GetAtHome(path);
  if (look.accepted()) stage.Found("sticky-base-url", "no");
  if (look.status == 404) stage.Found("sticky-base-url", "yes");
}

}  // namespace

void PlayIncoming(Stage& stage) {
  const auto received = AwaitCall(stage);
  if (!received) return;
  const std::string state = At(received->body, "/properties/call/state");
  if (state == "RINGING" || state == "CALLING") {
    stage.Found("received-state", state);
  } else {
    stage.Leave("received-state", absl::StrCat("the state was \"", state, "\""));
  }
  AskSticky(stage, *received);
  const std::string answer = CallPath(received->call_id, "/answer");
  const Reply first = stage.Post(answer, WriteMarks(stage.options()));
  if (!first.accepted()) return GiveUpOn(stage, "the answer of a call", first);
  if (!AwaitAnswer(stage, received->call_id)) return;
  const Reply second = stage.Post(answer, WriteMarks(stage.options()));
  FindByAnswer(stage, "second-answer", second, "200", "400");
}

void PlayAbandoned(Stage& stage) {
  const auto received = AwaitCall(stage);
  if (!received) return;
  const auto failed = stage.WaitFor({{"CALL_FAILED", "CALL_FINISHED"}, received->call_id}, kGaveUp);
  const std::string source = failed ? At(failed->body, "/properties/callLog/hangupSource") : "";
  // The provider ends a call that rings too long.
  if (!failed || source == "PLATFORM") {
    return stage.GiveUp("the caller did not give up within 60 s, or no webhook told it",
                        "play the script again and hang up after five seconds of ringing");
  }
  const std::string state = At(failed->body, "/properties/callLog/state");
  if (state == "NO_ANSWER" || state == "CANCELLED") {
    stage.Found("abandoned-state", state);
  } else {
    stage.Leave("abandoned-state", absl::StrCat("the state was \"", state, "\""));
  }
}

}  // namespace callbridge::live
