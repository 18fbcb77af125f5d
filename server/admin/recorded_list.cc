#include "server/admin/recorded_list.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>

#include <optional>
#include <utility>

#include "server/admin/audio_list.h"
#include "server/admin/progress_bar.h"
#include "server/base/printable.h"
#include "server/provider/json_writer.h"

namespace callbridge::admin {
namespace {

using internal::v1::RecordedFile;

std::vector<const RecordedFile*> FilesOf(const Recorded& recorded) {
  std::vector<const RecordedFile*> files;
  for (const RecordedFile& file : recorded.facts.composed_files()) files.push_back(&file);
  for (const RecordedFile& file : recorded.facts.call_files()) files.push_back(&file);
  return files;
}

// "conference conference-1 (bridge/s_1)" or "call call-1".
std::string WhatWasRecorded(const Recorded& recorded) {
  if (recorded.conference_id.empty()) return "call " + base::Printable(recorded.call_id);
  const std::string name = recorded.conference_name.empty()
                               ? ""
                               : " (" + base::Printable(recorded.conference_name) + ")";
  return "conference " + base::Printable(recorded.conference_id) + name;
}

std::string State(const Recorded& recorded) {
  if (!recorded.facts.failed() && !recorded.facts.incomplete()) return "";
  const std::string reason =
      recorded.facts.reason().empty() ? "" : ": " + base::Printable(recorded.facts.reason());
  return (recorded.facts.failed() ? "; FAILED" : "; a part is missing") + reason;
}

std::string About(const Recorded& recorded, const RecordedFile& recorded_file, base::Time now) {
  const v1::RecordingFile& file = recorded_file.file();
  std::vector<std::string> about{file.format().empty() ? "?" : base::Printable(file.format())};
  if (file.size_bytes() > 0) about.push_back(BytesText(file.size_bytes()));
  if (file.has_duration()) about.push_back(absl::StrCat(file.duration().seconds(), " s"));
  if (recorded.facts.has_start_time()) {
    about.push_back("begun " + base::FormatTime(base::FromTimestamp(recorded.facts.start_time())));
  }
  if (file.has_expire_time()) {
    about.push_back(ExpiryText(base::FromTimestamp(file.expire_time()), now));
  }
  if (!recorded.conference_id.empty() && !recorded_file.call_id().empty()) {
    about.push_back("of call " + base::Printable(recorded_file.call_id()));
  }
  return absl::StrJoin(about, ", ");
}

void WriteFile(const RecordedFile& recorded_file, provider::JsonWriter& writer) {
  const v1::RecordingFile& file = recorded_file.file();
  writer.BeginItem();
  writer.Text("id", file.file_id());
  writer.Text("name", file.name());
  writer.Text("format", file.format());
  if (file.size_bytes() > 0) writer.Integer("size_bytes", file.size_bytes());
  if (file.has_duration()) writer.Integer("duration_seconds", file.duration().seconds());
  if (file.has_expire_time()) {
    writer.Text("expires", base::FormatTime(base::FromTimestamp(file.expire_time())));
  }
  if (!recorded_file.call_id().empty()) writer.Text("call_id", recorded_file.call_id());
  writer.EndObject();
}

}  // namespace

void WriteText(const std::vector<Recorded>& recorded, base::Time now, std::ostream& out) {
  std::size_t count = 0;
  for (const Recorded& one : recorded) {
    const std::vector<const RecordedFile*> files = FilesOf(one);
    for (const RecordedFile* file : files) {
      out << absl::StrFormat("%-36s  %s; %s%s\n", base::Printable(file->file().file_id()),
                             About(one, *file, now), WhatWasRecorded(one), State(one));
    }
    if (files.empty())
      out << absl::StrFormat("%-36s  %s%s\n", "no file", WhatWasRecorded(one), State(one));
    count += files.size();
  }
  out << absl::StrFormat("%d file%s recorded.\n", count, count == 1 ? "" : "s");
}

void WriteJson(const std::string& account, const std::vector<Recorded>& recorded,
               std::ostream& out) {
  provider::JsonWriter writer;
  writer.Text("account", account);
  writer.BeginArray("recordings");
  for (const Recorded& one : recorded) {
    writer.BeginItem();
    if (!one.conference_id.empty()) writer.Text("conference_id", one.conference_id);
    if (!one.conference_name.empty()) writer.Text("conference_name", one.conference_name);
    if (!one.call_id.empty()) writer.Text("call_id", one.call_id);
    if (one.facts.has_start_time()) {
      writer.Text("started", base::FormatTime(base::FromTimestamp(one.facts.start_time())));
    }
    if (one.facts.has_end_time()) {
      writer.Text("ended", base::FormatTime(base::FromTimestamp(one.facts.end_time())));
    }
    writer.Bool("failed", one.facts.failed());
    writer.Bool("incomplete", one.facts.incomplete());
    if (!one.facts.reason().empty()) writer.Text("reason", one.facts.reason());
    writer.BeginArray("files");
    for (const RecordedFile* file : FilesOf(one)) WriteFile(*file, writer);
    writer.EndArray();
    writer.EndObject();
  }
  writer.EndArray();
  out << std::move(writer).Take() << "\n";
}

}  // namespace callbridge::admin
