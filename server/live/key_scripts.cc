// The script about keys.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "server/live/json_look.h"
#include "server/live/scripts.h"
#include "server/live/steps.h"

namespace callbridge::live {
namespace {

using std::chrono::seconds;

constexpr seconds kSaid{20};
constexpr seconds kPressed{5};
constexpr char kPressFive[] = "Please press the key five, now.";
constexpr char kPressCode[] = "Please press one, two and the hash key.";
constexpr char kPressNothing[] =
    "Please press nothing now. This sentence is only here to be interrupted, as soon as you have "
    "heard its beginning.";

// Whether a person presses what the script asks for, and whether the terminator is told.
bool AskTerminator(Stage& stage, const std::string& call) {
  const std::size_t mark = stage.Mark();
  const Reply captured =
      stage.Post(CallPath(call, "/capture/dtmf"),
                 WriteCapture({4, std::chrono::milliseconds(10'000), "#", kPressCode}));
  if (!captured.accepted()) {
    GiveUpOn(stage, "a capture of keys", captured);
    return false;
  }
  const auto told = stage.WaitFor({{"DTMF_CAPTURED"}, call, "", mark}, seconds(40));
  const std::string keys = told ? At(told->body, "/properties/dtmf") : "";
  if (keys.empty()) {
    stage.GiveUp("no key was told",
                 "play the script again and press the keys; doctor without --live says whether "
                 "the subscription has DTMF_CAPTURED");
    return false;
  }
  stage.Tell("9.30", absl::StrContains(keys, "#") ? "dtmf holds the terminator"
                                                  : "dtmf does not hold the terminator");
  return true;
}

void AskStopOfCapture(Stage& stage, const std::string& call) {
  const std::size_t mark = stage.Mark();
  const Reply captured =
      stage.Post(CallPath(call, "/capture/dtmf"),
                 WriteCapture({20, std::chrono::milliseconds(6'000), "", kPressNothing}));
  if (!captured.accepted()) return GiveUpOn(stage, "a capture of keys", captured);
  stage.Pause(std::chrono::milliseconds(500));
  const Reply stopped = stage.Post(CallPath(call, "/stop-play"), "{}");
  if (!stopped.accepted() && !IsRefusal(stopped)) {
    return stage.Leave("stop-play-ends-capture", AnswerIn("a stop-play", stopped));
  }
  const Wanted ends{{"DTMF_CAPTURED"}, call, "", mark};
  if (stage.WaitFor(ends, seconds(3))) return stage.Found("stop-play-ends-capture", "yes");
  if (stage.WaitFor(ends, seconds(30))) return stage.Found("stop-play-ends-capture", "no");
  stage.Leave("stop-play-ends-capture", "DTMF_CAPTURED did not come within 33 s");
}

void AskKeysOverSound(Stage& stage, const std::string& call) {
  stage.Post(CallPath(call, "/say"), WriteSay(kPressNothing));
  const Reply sent = stage.Post(CallPath(call, "/send-dtmf"), WriteKeys("1"));
  stage.Tell("9.31",
             absl::StrCat("keys that are sent while a sound is heard are answered ", sent.status));
}

}  // namespace

void PlayKeys(Stage& stage) {
  const std::string call = TalkAlone(stage);
  if (stage.over()) return;
  const Reply said = stage.Post(CallPath(call, "/say"), WriteSay(kPressFive));
  if (!said.accepted()) return GiveUpOn(stage, "a say", said);
  stage.WaitFor({{"SAY_FINISHED"}, call}, kSaid);
  const bool told = stage.WaitFor({{"DTMF_CAPTURED"}, call}, kPressed).has_value();
  if (told) stage.Found("dtmf-unrequested", "yes");
  if (!AskTerminator(stage, call)) return;
  // The person presses keys when asked, so it pressed the first one too.
  if (!told) stage.Found("dtmf-unrequested", "no");
  AskStopOfCapture(stage, call);
  if (!stage.over()) AskKeysOverSound(stage, call);
}

}  // namespace callbridge::live
