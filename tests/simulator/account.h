// What the provider keeps of one account beside calls and conferences: subscriptions, notification
// profiles, security settings, numbers, uploaded files and, on older accounts, applications
// (docs/provider.md §3.1 to §3.3, §3.7). Plain data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/base/time.h"

namespace callbridge::simulator {

// A thing as a request gave it: its members by name, each as JSON.
using Document = std::map<std::string, std::string>;

// Things by id, in the order of their creation.
struct Documents {
  Document* Find(const std::string& id) {
    for (auto& [known, document] : all) {
      if (known == id) return &document;
    }
    return nullptr;
  }
  bool Has(const std::string& id) { return Find(id) != nullptr; }

  std::vector<std::pair<std::string, Document>> all;
};

struct OwnedNumber {
  // In digits.
  std::string number;
  // The provider's own name of it, which no client can guess.
  std::string key;
  // Absent: calls to it lead nowhere.
  std::optional<Document> voice;
  // The calls configuration that the voice action leads to; empty: to none.
  std::string configuration;
};

// An uploaded file, without its bytes.
struct StoredFile {
  std::string id;
  std::string name;
  // "WAV" or "MP3".
  std::string format;
  // In bytes.
  std::int64_t size = 0;
  std::int64_t seconds = 0;
  base::Time created;
  base::Time expires;
};

struct Account {
  // Names that configurations were given; without one, a configuration is called like its id.
  std::map<std::string, std::string> configuration_names;
  Documents subscriptions;
  Documents profiles;
  Documents securities;
  Documents applications;
  std::vector<OwnedNumber> numbers;
  // In the order of their uploads.
  std::vector<StoredFile> files;
  // The ids of files that were deleted or have expired.
  std::set<std::string> gone_files;
};

// The account as it is sold: it owns these numbers and has nothing else.
Account MakeAccount(const std::vector<std::string>& numbers);

}  // namespace callbridge::simulator
