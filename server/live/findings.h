// What the scripts found out. Plain values.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "server/base/time.h"

namespace callbridge::live {

// A fact that is no position of a switch.
struct Note {
  // Of docs/provider.md, like "9.11".
  std::string section;
  std::string text;
};

// What did not go as it should, for the operator.
struct Trouble {
  // The script, like "no-answer".
  std::string script;
  std::string what;
  std::string remedy;
};

// For a duration of the settings.
struct Proposal {
  // What was measured. The setting has to be longer.
  base::Duration seen;
  // The measurement with a margin, longer than it.
  base::Duration value;
  std::string because;
};

struct Findings {
  // The position that was seen, by the switch of the simulator.
  std::map<std::string, std::string> answers;
  // Why a question that was asked has no answer, by the switch.
  std::map<std::string, std::string> open;
  std::vector<Note> notes;
  // Webhooks of the provider that came, and those of them that the authentication of the settings
  // refuses.
  int webhooks = 0;
  int refused_webhooks = 0;
  // How webhooks are signed that the authentication takes, and those that it refuses: as
  // webhook.hmac has it, if a secret of the settings makes the signature.
  std::string signature;
  std::string refused_signature;
  // Whether absent members were written as null.
  bool has_nulls = false;
  // Those apiBaseUrls to which the settings do not let the key go.
  std::set<std::string> foreign_base_urls;
  std::vector<Trouble> troubles;
  // The largest that was seen, by the path of the setting, like "timing.list_lag".
  std::map<std::string, Proposal> settings;
  // Which of CALL_FINISHED and PARTICIPANT_REMOVED came first when a request ended the call; empty
  // if it was not seen. A later script compares.
  std::string first_by_request;
  // Calls and conferences that may still be alive, and files and recordings that may still be
  // there, after everything was tried.
  std::vector<std::string> alive;
  // The scripts that were played to their end.
  std::vector<std::string> played;
};

}  // namespace callbridge::live
