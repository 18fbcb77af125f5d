// What follows from the findings: settings, switches of the simulator, and the report about all of
// it, as text for a person and as JSON for a script.
#pragma once

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "server/live/findings.h"

namespace callbridge::live {

struct ProposedSetting {
  // "accounts.default.stop_play_scope".
  std::string path;
  std::string value;
  // What was found out.
  std::string because;
};

// For whom settings are proposed.
struct Asker {
  // The account's name in the settings.
  std::string account = "default";
  // The settings as they are, by path. What is so already is not proposed.
  std::map<std::string, std::string> current = {};
  // The durations among them. One that is long enough is left alone, and no other that would become
  // too short by a proposal.
  std::map<std::string, base::Duration> durations = {};
  // The hosts to which the key may go.
  std::vector<std::string> allowed_hosts = {};
};

// The settings accept all of them together.
std::vector<ProposedSetting> ProposeSettings(const Findings& findings, const Asker& asker);
// "--switch overlap=replace …" for infobip-simulator, to let it behave as the account did; empty if
// nothing was answered.
std::string SwitchesOf(const Findings& findings);

void WriteText(const Findings& findings, const Asker& asker, std::ostream& out);
// {"answers": {switch: position}, "open": {switch: why}, "notes": [{"section", "text"}],
// "settings": [{"path", "value", "because"}], "troubles": [{"script", "what", "remedy"}],
// "alive": [text], "played": [script]}, in one line.
void WriteJson(const Findings& findings, const Asker& asker, std::ostream& out);

}  // namespace callbridge::live
