#include "server/live/clean_up.h"

#include <absl/strings/str_cat.h>

#include <set>
#include <string>
#include <vector>

#include "server/base/limits.h"
#include "server/live/json_look.h"
#include "server/live/recorded.h"
#include "server/live/steps.h"
#include "server/provider/json_reader.h"

namespace callbridge::live {
namespace {

using std::chrono::seconds;
using Kind = OpenThings::Kind;
using Thing = OpenThings::Thing;

// How often a thing is hung up before the operator is told that it may be alive.
constexpr int kHangupsMax = 4;
constexpr seconds kEndEvent{4};
// How soon a new call shows in a list (docs/provider.md §1.3), with a margin.
constexpr seconds kListLag{10};
// How late the files of a recording come, and how often they are looked for.
constexpr seconds kFilesComeWithin{90};
constexpr seconds kFilesAgain{10};

// An end of a call, from the enumeration of docs/provider.md §5.2.
bool IsEnded(const std::string& state) {
  static const std::set<std::string> ends{"FINISHED", "FAILED", "CANCELLED", "NO_ANSWER", "BUSY"};
  return ends.contains(state);
}

// Whether the look at a call, or its history, shows an end. No webhook has told it.
bool ShowsEnd(Stage& stage, const Thing& call, const std::string& look) {
  if (!IsEnded(At(look, "/state"))) return false;
  stage.NoteEnd(call.id, At(look, "/hangupSource"),
                provider::ParseTime(At(look, "/endTime")).value_or(stage.Now()));
  return true;
}

bool IsOver(Stage& stage, const Thing& thing) {
  const Reply look = stage.Get(PathOf(thing));
  if (look.accepted()) {
    if (thing.kind == Kind::kCall) return ShowsEnd(stage, thing, look.body);
  } else if (look.status != kNotFound) {
    return false;
  }
  // A 404 alone proves no end (docs/provider.md §9.14), nor does a conference without a state.
  const Reply history = stage.Get(PathOf(thing) + "/history");
  if (!history.accepted()) return false;
  return thing.kind == Kind::kCall ? ShowsEnd(stage, thing, history.body)
                                   : !At(history.body, "/endTime").empty();
}

// Hangs one thing up and waits for its end. False if that cannot be told.
bool HangUp(Stage& stage, const Thing& thing) {
  const bool call = thing.kind == Kind::kCall;
  for (int tries = 0; tries < kHangupsMax; ++tries) {
    // An earlier hangup, of the conference or of the last attempt, may have ended it meanwhile.
    if (!stage.things().Has(thing.kind, thing.id)) return true;
    stage.Post(PathOf(thing) + "/hangup", "{}");
    stage.WaitFor({{call ? "CALL_FINISHED" : "CONFERENCE_FINISHED", "CALL_FAILED"},
                   call ? thing.id : "",
                   call ? "" : thing.id},
                  kEndEvent);
    if (!stage.things().Has(thing.kind, thing.id) || IsOver(stage, thing)) return true;
  }
  return false;
}

bool DeleteFile(Stage& stage, const Thing& file) {
  for (int tries = 0; tries < kHangupsMax; ++tries) {
    const Reply reply = stage.Delete(PathOf(file));
    if (reply.accepted() || reply.status == kNotFound) return true;
  }
  return false;
}

void TakeAway(Stage& stage, bool files) {
  for (const Thing& thing : stage.things().All()) {
    const bool is_file = thing.kind == Kind::kFile || thing.kind == Kind::kRecordedFile;
    if (is_file != files) continue;
    if (is_file ? DeleteFile(stage, thing) : HangUp(stage, thing)) {
      stage.things().Remove(thing.kind, thing.id);
    }
  }
}

// Adds what one page has of this run and what lives. Returns false if the page is empty.
bool AddOurs(Stage& stage, Kind kind, const std::string& list) {
  int item = 0;
  for (; PresenceAt(list, absl::StrCat("/results/", item)) == Presence::kFilled; ++item) {
    const std::string thing = absl::StrCat("/results/", item);
    const bool ours = kind == Kind::kCall
                          ? stage.BearsOurMark(list, thing) && !IsEnded(At(list, thing + "/state"))
                          : At(list, thing + "/name") == stage.options().name();
    if (ours) stage.Keep(kind, At(list, thing + "/id"));
  }
  return item > 0;
}

// Looks through all pages of the provider's list of calls or conferences. What cannot be seen to
// its end stays lost.
void FindLost(Stage& stage, Kind kind) {
  const StageOptions& options = stage.options();
  const std::string wanted =
      kind == Kind::kCall
          ? absl::StrCat("/calls/1/calls?", options.configuration.field, "=",
                         provider::EscapeForUrl(options.configuration.id))
          : absl::StrCat("/calls/1/conferences?name=", provider::EscapeForUrl(options.name()));
  stage.Pause(kListLag);
  for (int page = 0; page < base::kLookupPagesMax; ++page) {
    const Reply list =
        stage.Get(absl::StrCat(wanted, "&page=", page, "&size=", base::kLookupPageSize));
    if (!list.accepted()) break;
    // Where no number of pages is told, only an empty page is the last one.
    if (!AddOurs(stage, kind, list.body) ||
        At(list.body, "/paging/totalPages") == absl::StrCat(page + 1)) {
      return;
    }
  }
  stage.things().NoteLost(kind);
}

// Events bring the files, and a look those of which no event has told.
void FindRecordedFiles(Stage& stage) {
  OpenThings& things = stage.things();
  const base::Time until = stage.Now() + (things.WaitsForFiles() ? kFilesComeWithin : seconds(0));
  while (!things.recorded().empty()) {
    const auto recorded = things.recorded();
    for (const auto& [of, missing] : recorded) {
      const Reply look = stage.Get(RecordingPath(of));
      if (look.accepted()) AddRecordedFiles(look.body, "", of, things);
      // A key that may not look is no reason to doubt what events have told.
      if (!look.unanswered() && things.recorded().at(of) == 0) things.ForgetRecording(of);
    }
    if (things.recorded().empty() || stage.Now() >= until) break;
    stage.Pause(kFilesAgain);
  }
  things.StopWaitingForFiles();
}

std::vector<std::string> Left(const OpenThings& things) {
  std::vector<std::string> left;
  for (const Kind kind : things.lost()) {
    left.emplace_back(kind == Kind::kCall ? "a call that was dialled without an answer"
                                          : "a conference that was created without an answer");
  }
  for (const Thing& thing : things.All()) left.push_back(NameOf(thing));
  for (const auto& [of, missing] : things.recorded()) left.push_back("recording of " + NameOf(of));
  return left;
}

}  // namespace

void CleanUp(Stage& stage) {
  const Stage::Cleaning cleaning(stage);
  for (const Kind kind : stage.things().TakeLost()) FindLost(stage, kind);
  TakeAway(stage, false);
  FindRecordedFiles(stage);
  TakeAway(stage, true);
  stage.findings().alive = Left(stage.things());
}

}  // namespace callbridge::live
