// What the people at the other end of the calls do, by phone number: who answers, after how long,
// who is busy, who hangs up. Waits of people are scaled by the speed factor where they are used,
// not here.
#pragma once

#include <absl/status/statusor.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/base/time.h"

namespace callbridge::simulator {

struct Script {
  enum class Reaction {
    kAnswers,
    kAnswersAtTimeout,
    kNeverAnswers,
    // Ends un-answered with `error`, after `after`.
    kFails,
    // The dial itself is answered with `status`.
    kRefused,
  };

  Reaction reaction = Reaction::kAnswers;
  // Counted from the ringing; for a call that never rings from the dial.
  base::Duration after = std::chrono::seconds(2);
  bool rings = true;
  // Name of an error code, docs/provider.md §6.
  std::string error;
  int status = 0;
  // After the answer; for the caller of an incoming call after the call's start.
  std::optional<base::Duration> hangs_up;
  // The connection is lost so long after the answer, and back 1 s later.
  std::optional<base::Duration> disconnects;
  // The keys that the person presses, one every half second from 1 s after a capture begins. Empty:
  // none.
  std::string presses;
  // Voicemail answers: seen by machine detection only.
  bool machine = false;
};

// "answers:3,hangs-up:20". InvalidArgument names the word that is wrong.
absl::StatusOr<Script> ParseScript(std::string_view text);

class People {
 public:
  // Numbers that end in 01 to 09 have scripts of their own (DefaultEndings), all others the default
  // "answers:2".
  People();

  // who is a number ("447700900456"), an ending ("*99") or "default".
  absl::Status Set(std::string_view who, std::string_view script);
  const Script& Find(std::string_view number) const;

 private:
  std::map<std::string, Script, std::less<>> numbers_;
  // The latest first, so that what was set later wins.
  std::vector<std::pair<std::string, Script>> endings_;
  Script default_;
};

// Ending, script: as docs/simulator.md shows them.
const std::vector<std::pair<std::string, std::string>>& DefaultEndings();
// The words of a script, for help.
std::string DescribeScripts();

}  // namespace callbridge::simulator
