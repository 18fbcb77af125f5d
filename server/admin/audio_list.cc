#include "server/admin/audio_list.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/admin/progress_bar.h"
#include "server/base/printable.h"
#include "server/provider/json_writer.h"

namespace callbridge::admin {
namespace {

// The day of a time, like "2026-01-15".
std::string Day(base::Time time) { return base::FormatTime(time).substr(0, 10); }

bool IsThere(const AudioList& list, const std::string& id) {
  return std::ranges::find(list.files, id, &UploadedFile::id) != list.files.end();
}

void WritePaths(const std::vector<std::string>& paths, provider::JsonWriter& writer) {
  writer.BeginArray("settings");
  for (const std::string& path : paths) writer.TextItem(path);
  writer.EndArray();
}

void WriteFile(const UploadedFile& file, const AudioUses& uses, base::Time now,
               provider::JsonWriter& writer) {
  writer.BeginItem();
  writer.Text("id", file.id);
  writer.Text("name", file.name);
  writer.Text("format", file.format);
  if (file.size) writer.Integer("size_bytes", *file.size);
  if (file.duration) writer.Integer("duration_seconds", file.duration->count());
  if (file.created) writer.Text("created", base::FormatTime(*file.created));
  if (file.expires) {
    writer.Text("expires", base::FormatTime(*file.expires));
    writer.Bool("expired", *file.expires <= now);
  }
  const auto paths = uses.files.find(file.id);
  WritePaths(paths == uses.files.end() ? std::vector<std::string>() : paths->second, writer);
  writer.EndObject();
}

std::string Line(const UploadedFile& file, const AudioUses& uses, base::Time now) {
  const std::string paths = uses.PathsOf(file.id);
  std::vector<std::string> about{file.format.empty() ? "?" : base::Printable(file.format)};
  if (file.size) about.push_back(BytesText(*file.size));
  if (file.duration) about.push_back(absl::StrCat(file.duration->count(), " s"));
  if (file.created) about.push_back("made " + Day(*file.created));
  const std::string expiry = ExpiryText(file.expires, now);
  if (!expiry.empty()) about.push_back(expiry);
  return absl::StrFormat("%-36s  %s: %s%s\n", base::Printable(file.id), base::Printable(file.name),
                         absl::StrJoin(about, ", "), paths.empty() ? "" : "; used by " + paths);
}

}  // namespace

std::string ExpiryText(const std::optional<base::Time>& expires, base::Time now,
                       std::string_view before) {
  if (!expires) return "";
  const bool over = *expires <= now;
  const std::chrono::days days = over ? std::chrono::floor<std::chrono::days>(now - *expires)
                                      : std::chrono::ceil<std::chrono::days>(*expires - now);
  const std::string when = absl::StrFormat("%d day%s", days.count(), days.count() == 1 ? "" : "s");
  return absl::StrFormat("%s%s %s (%s)", before, over ? "expired" : "expires", Day(*expires),
                         over ? when + " ago" : "in " + when);
}

void WriteText(const AudioList& list, base::Time now, std::ostream& out) {
  for (const UploadedFile& file : list.files) out << Line(file, list.uses, now);
  for (const auto& [id, paths] : list.uses.files) {
    if (IsThere(list, id)) continue;
    out << absl::StrFormat(
        "%-36s  MISSING: the account has no such file, and %s use%s it; it was "
        "deleted, or was not used for 90 days: upload it again\n",
        base::Printable(id), absl::StrJoin(paths, ", "), paths.size() == 1 ? "s" : "");
  }
  out << absl::StrFormat("%d file%s in the account.\n", list.files.size(),
                         list.files.size() == 1 ? "" : "s");
}

void WriteJson(const AudioList& list, base::Time now, std::ostream& out) {
  provider::JsonWriter writer;
  writer.Text("account", list.account);
  writer.BeginArray("files");
  for (const UploadedFile& file : list.files) WriteFile(file, list.uses, now, writer);
  writer.EndArray();
  writer.BeginArray("missing");
  for (const auto& [id, paths] : list.uses.files) {
    if (IsThere(list, id)) continue;
    writer.BeginItem();
    writer.Text("id", id);
    WritePaths(paths, writer);
    writer.EndObject();
  }
  writer.EndArray();
  out << std::move(writer).Take() << "\n";
}

}  // namespace callbridge::admin
