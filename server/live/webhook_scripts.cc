// The script about webhooks that are repeated. It dials nobody.
#include <absl/strings/str_format.h>

#include "server/live/scripts.h"
#include "server/live/steps.h"

namespace callbridge::live {
namespace {

// The provider repeats a webhook after a minute at the earliest, if it follows the schedule of its
// other channels (docs/provider.md §7.4).
constexpr std::chrono::seconds kRepeated{150};

}  // namespace

void PlayRepeat(Stage& stage) {
  stage.RefuseNextWebhook();
  const std::string conference = MakeConference(stage);
  if (stage.over()) return;
  const auto refused = AwaitFirstWebhook(stage, conference);
  if (!refused) {
    return stage.GiveUp("no webhook came within 15 s",
                        "play the script account first, which says what to look at");
  }
  const auto repeated =
      stage.WaitFor({{"CONFERENCE_CREATED"}, "", conference, refused->place + 1}, kRepeated);
  stage.Tell("9.2",
             repeated
                 ? absl::StrFormat(
                       "a webhook that was answered 503 came again after %.1f s",
                       std::chrono::duration<double>(repeated->arrived - refused->arrived).count())
                 : "a webhook that was answered 503 did not come again within 150 s");
}

}  // namespace callbridge::live
