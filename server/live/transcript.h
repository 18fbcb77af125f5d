// What a script sent and got, line by line, and how it is written for others to read and for
// infobip-simulator --replay (docs/simulator.md). A file begins with a line about the script. It
// holds no number, id, name or secret of the account: the anonymiser replaces them.
#pragma once

#include <absl/status/status.h>

#include <functional>
#include <string>
#include <vector>

#include "server/base/time.h"
#include "server/live/anonymiser.h"

namespace callbridge::live {

struct Entry {
  enum class Kind { kRequest, kAnswer, kWebhook };
  Kind kind = Kind::kRequest;
  base::Time at;
  // The method of a request, the status of an answer, the type of a webhook.
  std::string word;
  // The path and query of a request.
  std::string target = {};
  // The names of a webhook's headers.
  std::vector<std::string> headers = {};
  std::string body = {};
};

// Returns the transcript as JSON lines, in the order of time. Webhooks about calls and conferences
// that are not ours are left out, because they are other people's.
// place: of the script among those of the run, from 0 on.
std::string WriteTranscript(const std::string& script, int place, std::vector<Entry> entries,
                            const std::function<bool(const std::string& id)>& is_ours,
                            Anonymiser& anonymiser);

// Writes the file SCRIPT.jsonl into the folder. UNAVAILABLE names the file that cannot be written.
absl::Status SaveTranscript(const std::string& folder, const std::string& script,
                            const std::string& text);

}  // namespace callbridge::live
