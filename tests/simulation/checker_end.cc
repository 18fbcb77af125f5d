// What must be true when a world is over, and what its faults met.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "server/base/limits.h"
#include "tests/history/session_rules.h"
#include "tests/simulation/checker.h"

namespace callbridge::simulation {
namespace {

// True if the call's timeline tells that the text was heard to its end before this time.
bool HasHeard(const simulator::Call& call, const std::string& text, base::Time before) {
  bool begun = false;
  for (const simulator::TimelineEntry& entry : call.timeline) {
    if (entry.at > before) return false;
    const bool begins =
        absl::StartsWith(entry.text, "hears say ") || absl::StartsWith(entry.text, "hears play ");
    if (begins) begun = absl::StrContains(entry.text, text);
    const bool ended =
        absl::StartsWith(entry.text, "say ended") || absl::StartsWith(entry.text, "play ended");
    if (ended && begun && !absl::EndsWith(entry.text, ", cut")) return true;
  }
  return false;
}

}  // namespace

void Checker::CheckEnd(store::Store& store) {
  for (const auto& [session_id, watched] : chronicle_.sessions) {
    if (!watched.begun()) continue;
    Expect(1, watched.ended(), session_id, "it has not ended");
    Expect(7, !SomethingAlive(session_id), session_id, "a call or the conference is still alive");
    CheckEvents(store, watched);
  }
  for (const ParkedInput& parked : chronicle_.parked) {
    for (const auto& [session_id, watched] : chronicle_.sessions) {
      const std::set<std::string> references = ReferencesOf(watched);
      const bool owned =
          std::any_of(parked.references.begin(), parked.references.end(),
                      [&](const std::string& name) { return references.contains(name); });
      // Dropped after ten minutes, when nobody can need it any more.
      Expect(20, !owned || now() > parked.time + base::kParkedAge, session_id,
             "a webhook stays parked although its reference exists");
    }
  }
  if (model_.world().journal.violations_seen > 0) {
    const simulator::ViolationRecord& first = model_.world().journal.violations.front();
    Fail(kUnnumbered, absl::StrCat("a request that no correct client sends: ", first.method, " ",
                                   first.target, ": ", first.text));
  }
}

void Checker::CheckLog(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    for (const char* secret :
         {"4420794600", "4477009001", "4477009004", "Please hold", "Here they are", "Nobody there",
          "A word for you", "A key, please", "This is recorded", "4711#", "App key"}) {
      if (absl::StrContains(line, secret)) Fail(25, "a line of the log holds what it must not");
    }
    // Only two deaths between a session's mark and its commit look like its fault.
    if (absl::StrContains(line, "session_condemned") && crashes_ < 2) {
      Fail(kUnnumbered, "a session is condemned without its fault");
    }
  }
}

void Checker::CheckRecordedFiles() {
  for (const auto& [session_id, watched] : chronicle_.sessions) {
    // Nothing is taken in any more for one that was given up.
    if (watched.begun() && !watched.session.given_up()) CheckFilesOf(watched);
    if (watched.begun()) CheckNoticesOf(watched);
  }
}

void Checker::CheckFilesOf(const WatchedSession& watched) {
  std::map<std::string, int> known;
  for (const internal::v1::Recorder& recorder : watched.session.recordings().recorders()) {
    const v1::Recording& recording = recorder.recording();
    Expect(31,
           !recorder.shown() || recording.state() == v1::Recording::STATE_READY ||
               recording.state() == v1::Recording::STATE_FAILED,
           watched.session_id, recording.recording_id() + " is not finished");
    for (const v1::RecordingFile& file : recording.files()) ++known[file.file_id()];
  }
  const std::set<std::string> references = ReferencesOf(watched);
  for (const auto& [number, recording] : model_.world().recordings.things()) {
    if (!references.contains("call/" + recording.call_id) &&
        !references.contains("conference/" + recording.conference_id)) {
      continue;
    }
    Expect(31, recording.ended(), watched.session_id, "something is still recorded");
    for (const auto* files : {&recording.composed_files, &recording.call_files}) {
      for (const simulator::RecordedFile& file : *files) {
        Expect(31, known[file.id] == 1, watched.session_id,
               absl::StrCat("the file ", file.id, " has ", known[file.id], " records"));
      }
    }
  }
}

// 32, by what the provider did, whatever was told of it.
void Checker::CheckNoticesOf(const WatchedSession& watched) {
  const v1::RecordingPlan& plan = watched.session.plan().recording();
  if (!plan.has_notice()) return;
  const std::string& conference_id = watched.session.conference().conference_id();
  for (const auto& [number, recording] : model_.world().recordings.things()) {
    for (const Leg& leg : watched.session.legs()) {
      const bool of_leg = recording.call_id == leg.call_id() && !leg.call_id().empty();
      const bool of_all = recording.conference_id == conference_id && !conference_id.empty() &&
                          leg.has_join_time() && !leg.unwanted();
      if (!of_leg && !of_all) continue;
      const simulator::Call* call = model_.world().calls.Find(leg.call_id());
      Expect(32, call == nullptr || HasHeard(*call, plan.notice().prompt().text(), recording.start),
             watched.session_id, leg.leg_id() + " is recorded and has not heard the notice");
    }
  }
}

void Checker::CheckEvents(store::Store& store, const WatchedSession& watched) {
  constexpr int kEventsMax = 100'000;
  const auto events = store.ReadEvents(watched.session_id, 0, kEventsMax);
  Expect(3, events.ok() && events->size() == watched.events.size(), watched.session_id,
         "the stored history is not the committed one");
  if (!events.ok()) return;
  for (std::size_t i = 0; i < events->size() && i < watched.events.size(); ++i) {
    v1::SessionEvent committed;
    committed.ParseFromString(watched.events[i]);
    const v1::SessionEvent& stored = (*events)[i];
    Expect(3,
           stored.sequence() == committed.sequence() &&
               stored.event_case() == committed.event_case() &&
               stored.event_id() == committed.event_id(),
           watched.session_id, absl::StrCat("event ", i + 1, " is not as it was committed"));
  }
  for (std::string& violation : history::RecordingsOneAtATime(*events)) {
    Fail(31, std::move(violation));
  }
  for (std::string& violation : history::RecordedAfterNotices(*events)) {
    Fail(32, std::move(violation));
  }
  const auto session = store.GetSession(watched.session_id);
  Expect(5, session.ok() && session->SerializeAsString() == watched.session.SerializeAsString(),
         watched.session_id, "the stored session is not the committed one");
}

void Checker::Cover(const std::string& fault, const WatchedSession& watched) {
  if (!watched.begun()) return;
  const std::string prefix = absl::StrCat(fault, " ", PhaseName(watched.session), " ");
  bool any = false;
  for (const auto& [number, entry] : watched.ledger) {
    if (entry.status != LedgerEntry::Status::kInFlight) continue;
    ++coverage_[prefix + ActionName(entry.command)];
    any = true;
  }
  if (!any) ++coverage_[prefix + "nothing"];
}

void Checker::OnRequestFault(const simulator::RequestRecord& request) {
  for (const auto& [session_id, watched] : chronicle_.sessions) {
    if (IsAbout(request.target, request.body, watched)) Cover(request.fault, watched);
  }
}

void Checker::OnOutage(const std::string& name) {
  for (const auto& [session_id, watched] : chronicle_.sessions) Cover(name, watched);
}

void Checker::OnMoment(const std::string& name, const std::string& session_id) {
  Cover(name, chronicle_.sessions.at(session_id));
}

void Checker::OnTrouble(int /*server*/, Trouble::Kind kind) {
  crashes_ += kind == Trouble::Kind::kCrashBefore || kind == Trouble::Kind::kCrashAfter ? 1 : 0;
  for (const auto& [session_id, watched] : chronicle_.sessions) Cover(NameOf(kind), watched);
}

void Checker::OnWebhookFault(const std::string& fault, const std::string& call_id,
                             const std::string& conference_id) {
  for (const auto& [session_id, watched] : chronicle_.sessions) {
    const std::set<std::string> references = ReferencesOf(watched);
    if (references.contains("call/" + call_id) ||
        references.contains("conference/" + conference_id)) {
      Cover(fault, watched);
    }
  }
}

}  // namespace callbridge::simulation
