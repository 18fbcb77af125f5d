#include "server/admin/recorded_files.h"

#include <algorithm>
#include <set>
#include <utility>

#include "server/admin/pages.h"
#include "server/admin/requests.h"
#include "server/base/time.h"
#include "server/provider/recording_decoding.h"

namespace callbridge::admin {
namespace {

using provider::JsonObject;

Recorded ReadConference(const JsonObject& object) {
  Recorded recorded;
  recorded.conference_id = provider::Text(object, "conferenceId");
  recorded.conference_name = provider::Text(object, "conferenceName");
  recorded.facts = provider::ReadRecording(object);
  return recorded;
}

Recorded ReadCall(const JsonObject& object) {
  Recorded recorded;
  recorded.call_id = provider::Text(object, "callId");
  recorded.facts = provider::ReadRecording(object);
  return recorded;
}

// Without a time it counts as the oldest.
base::Time BeginOf(const Recorded& recorded) {
  return recorded.facts.has_start_time() ? base::FromTimestamp(recorded.facts.start_time())
                                         : base::Time::min();
}

}  // namespace

absl::StatusOr<std::vector<Recorded>> ListRecorded(AccountLink& link) {
  std::vector<Recorded> all;
  std::set<std::string> known;
  absl::Status read =
      ReadPages(link, ConferenceRecordingsPage, "results", [&](const JsonObject& item) {
        all.push_back(ReadConference(item));
        for (const auto& file : all.back().facts.call_files()) known.insert(file.file().file_id());
        return true;
      });
  if (!read.ok()) return read;
  read = ReadPages(link, CallRecordingsPage, "results", [&](const JsonObject& item) {
    Recorded recorded = ReadCall(item);
    const auto& files = recorded.facts.call_files();
    const bool stands = !files.empty() && std::ranges::all_of(files, [&](const auto& file) {
      return known.contains(file.file().file_id());
    });
    if (!stands) all.push_back(std::move(recorded));
    return true;
  });
  if (!read.ok()) return read;
  std::ranges::stable_sort(all, std::ranges::greater(), BeginOf);
  return all;
}

absl::Status FetchFile(AccountLink& link, const std::string& id, provider::Sink sink) {
  return link.Send(FetchFileRequest(id, std::move(sink))).status();
}

absl::Status DeleteRecordedFile(AccountLink& link, const std::string& id) {
  return link.Send(DeleteRecordedFileRequest(id)).status();
}

}  // namespace callbridge::admin
