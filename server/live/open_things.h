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

  // The fate of a dial is unknown, so that a call may exist of which no id is known.
  void NoteLostDial() { lost_dial_ = true; }
  bool TakeLostDial();

 private:
  std::vector<Thing> things_;
  std::set<std::string> added_;
  bool lost_dial_ = false;
};

// "/calls/1/calls/ID", with the id escaped.
std::string PathOf(const OpenThings::Thing& thing);
// "call ID", for the operator.
std::string NameOf(const OpenThings::Thing& thing);

}  // namespace callbridge::live
