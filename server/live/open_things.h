// What the scripts made at the provider and that has to be taken away again: calls, conferences and
// uploaded files. Plain bookkeeping; the stage sends the requests.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace callbridge::live {

class OpenThings {
 public:
  enum class Kind { kCall, kConference, kFile, kRecordedFile };
  struct Thing {
    Kind kind = Kind::kCall;
    std::string id;
  };

  void Add(Kind kind, const std::string& id);
  void Remove(Kind kind, const std::string& id);
  bool Has(Kind kind, const std::string& id) const;
  // True if something of this id was ever added.
  bool WasAdded(const std::string& id) const { return added_.contains(id); }
  // Calls first, so that a conference does not hide one; then in the order in which they were made.
  std::vector<Thing> All() const;

  // The fate of a dial or a creation is unknown, so that a call or conference may exist of which no
  // id is known.
  void NoteLost(Kind kind) { lost_.insert(kind); }
  // Returns what may exist, and forgets it. Calls first.
  std::set<Kind> TakeLost();

 private:
  std::vector<Thing> things_;
  std::set<std::string> added_;
  std::set<Kind> lost_;
};

// "/calls/1/calls/ID", with the id escaped.
std::string PathOf(const OpenThings::Thing& thing);
// "call ID", for the operator.
std::string NameOf(const OpenThings::Thing& thing);

}  // namespace callbridge::live
