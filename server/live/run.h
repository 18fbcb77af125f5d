// Plays scripts one after another: tells the person what to do, plays, cleans up, and saves the
// transcript. It ends early if no webhook comes, or if the operator asks to stop. What was made is
// taken away in every case; what may remain stands in the findings.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "server/live/scripts.h"
#include "server/live/stage.h"

namespace callbridge::live {

struct RunOptions {
  StageOptions stage;
  // In the order of Scripts().
  std::vector<const Script*> scripts;
  // Where transcripts are saved, an existing folder.
  std::string folder;
  // What must never stand in a transcript.
  std::vector<std::string> secrets;
};

// What the run tells while it goes on.
struct Listener {
  // A script begins.
  std::function<void(const Script&)> begins;
  // It has ended.
  std::function<void(const Script&, const Findings&)> ends = [](const Script&, const Findings&) {};
  // The operator has asked to stop. What the script made is taken away now, which takes a while.
  std::function<void()> stops = [] {};
};

// Errors of transcripts are troubles in the findings, so that they end no run.
Findings PlayScripts(Line& line, const RunOptions& options, const Listener& listener);

// The calls that the scripts dial, those that the person makes, and how long the dialled ones last
// together at the longest.
struct Cost {
  int calls = 0;
  int incoming = 0;
  std::chrono::seconds longest_call{0};
  std::chrono::seconds together{0};
};
Cost CostOf(const std::vector<const Script*>& scripts);

}  // namespace callbridge::live
