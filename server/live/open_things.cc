#include "server/live/open_things.h"

#include <algorithm>
#include <utility>

#include "server/provider/http_message.h"

namespace callbridge::live {
namespace {

// What stands before the id in a path, and what a person calls the thing.
std::pair<const char*, const char*> WordsOf(OpenThings::Kind kind) {
  switch (kind) {
    case OpenThings::Kind::kCall:
      return {"/calls/1/calls/", "call "};
    case OpenThings::Kind::kConference:
      return {"/calls/1/conferences/", "conference "};
    case OpenThings::Kind::kFile:
      return {"/calls/1/files/", "uploaded file "};
    case OpenThings::Kind::kRecordedFile:
      break;
  }
  return {"/calls/1/recordings/files/", "recorded file "};
}

}  // namespace

void OpenThings::Add(Kind kind, const std::string& id) {
  if (id.empty() || Has(kind, id)) return;
  things_.push_back({kind, id});
  added_.insert(id);
}

void OpenThings::Remove(Kind kind, const std::string& id) {
  std::erase_if(things_, [&](const Thing& thing) { return thing.kind == kind && thing.id == id; });
}

bool OpenThings::Has(Kind kind, const std::string& id) const {
  return std::ranges::any_of(
      things_, [&](const Thing& thing) { return thing.kind == kind && thing.id == id; });
}

std::vector<OpenThings::Thing> OpenThings::All() const {
  std::vector<Thing> all = things_;
  std::ranges::stable_sort(all, {}, &Thing::kind);
  return all;
}

std::set<OpenThings::Kind> OpenThings::TakeLost() { return std::exchange(lost_, {}); }

void OpenThings::NoteRecording(const Thing& of) {
  ++recorded_[of];
  waits_for_files_ = true;
}

void OpenThings::AddRecordedFile(const Thing& of, const std::string& id, bool own) {
  if (id.empty() || WasAdded(id)) return;
  Add(Kind::kRecordedFile, id);
  if (own) NoteOneLess(of);
}

void OpenThings::NoteOneLess(const Thing& of) {
  const auto recorded = recorded_.find(of);
  if (recorded != recorded_.end() && recorded->second > 0) --recorded->second;
}

std::string PathOf(const OpenThings::Thing& thing) {
  return WordsOf(thing.kind).first + provider::EscapeForUrl(thing.id);
}

std::string NameOf(const OpenThings::Thing& thing) { return WordsOf(thing.kind).second + thing.id; }

}  // namespace callbridge::live
