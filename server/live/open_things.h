// What the scripts made at the provider and that has to be taken away again: calls, conferences,
// uploaded files, and what was recorded. Plain bookkeeping; clean_up.h sends the requests.
#pragma once

#include <compare>
#include <map>
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

    friend auto operator<=>(const Thing&, const Thing&) = default;
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
  const std::set<Kind>& lost() const { return lost_; }

  // A recording of the call or conference was started, or may have been, so that a file of it
  // follows. Each start counts.
  void NoteRecording(const Thing& of);
  // Adds the file. own: it is one of those that were started, and not a part of a conference's.
  void AddRecordedFile(const Thing& of, const std::string& id, bool own);
  // One of the expected files is known, or will not come.
  void NoteOneLess(const Thing& of);
  // What was recorded, with the number of files that are not known yet.
  const std::map<Thing, int>& recorded() const { return recorded_; }
  // All its files are known.
  void ForgetRecording(const Thing& of) { recorded_.erase(of); }
  // False if the files of each recording have been waited for already.
  bool WaitsForFiles() const { return waits_for_files_; }
  void StopWaitingForFiles() { waits_for_files_ = false; }

 private:
  std::vector<Thing> things_;
  std::set<std::string> added_;
  std::set<Kind> lost_;
  std::map<Thing, int> recorded_;
  bool waits_for_files_ = false;
};

// "/calls/1/calls/ID", with the id escaped.
std::string PathOf(const OpenThings::Thing& thing);
// "call ID", for the operator.
std::string NameOf(const OpenThings::Thing& thing);

}  // namespace callbridge::live
