// What the provider keeps of one account beside calls and conferences: subscriptions, notification
// profiles, security settings, numbers and, on older accounts, applications (docs/provider.md §3.1
// to §3.3). Plain data.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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
};

struct Account {
  // Names that configurations were given; without one, a configuration is called like its id.
  std::map<std::string, std::string> configuration_names;
  Documents subscriptions;
  Documents profiles;
  Documents securities;
  Documents applications;
  std::vector<OwnedNumber> numbers;
};

// The account as it is sold: it owns these numbers and has nothing else.
Account MakeAccount(const std::vector<std::string>& numbers);

}  // namespace callbridge::simulator
