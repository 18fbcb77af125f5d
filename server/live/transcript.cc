#include "server/live/transcript.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "server/base/version.h"
#include "server/live/event.h"
#include "server/provider/json_writer.h"

namespace callbridge::live {
namespace {

using provider::JsonWriter;

// The form of the file. A reader refuses another one.
constexpr int kVersion = 1;

using IsOurs = std::function<bool(const std::string& id)>;

bool IsAboutOurs(const std::string& body, const IsOurs& is_ours) {
  for (const std::string& id : {CallIdOf(body), ConferenceIdOf(body)}) {
    if (!id.empty() && is_ours(id)) return true;
  }
  return false;
}

std::string WriteEntry(const Entry& entry, base::Time begin, Anonymiser& anonymiser) {
  JsonWriter line;
  line.Real("at", std::chrono::duration<double>(entry.at - begin).count());
  switch (entry.kind) {
    case Entry::Kind::kRequest:
      line.Text("request", entry.word);
      line.Text("target", anonymiser.HideTarget(entry.target));
      break;
    case Entry::Kind::kAnswer:
      line.Raw("answer", entry.word);
      break;
    case Entry::Kind::kWebhook:
      line.Text("webhook", anonymiser.HideText(entry.word));
      line.BeginArray("headers");
      for (const std::string& name : entry.headers) line.TextItem(anonymiser.HideText(name));
      line.EndArray();
  }
  anonymiser.WriteBody("body", entry.body, line);
  return std::move(line).Take() + "\n";
}

}  // namespace

std::string WriteTranscript(const std::string& script, int place, std::vector<Entry> entries,
                            const IsOurs& is_ours, Anonymiser& anonymiser) {
  std::ranges::stable_sort(entries, {}, &Entry::at);
  std::erase_if(entries, [&](const Entry& entry) {
    return entry.kind == Entry::Kind::kWebhook && !IsAboutOurs(entry.body, is_ours);
  });
  for (const Entry& entry : entries) anonymiser.Learn(entry.body);
  JsonWriter head;
  head.Integer("transcript", kVersion);
  head.Text("script", script);
  head.Integer("place", place);
  head.Text("version", base::Version());
  std::string text = std::move(head).Take() + "\n";
  const base::Time begin = entries.empty() ? base::Time() : entries.front().at;
  for (const Entry& entry : entries) text += WriteEntry(entry, begin, anonymiser);
  return text;
}

absl::Status SaveTranscript(const std::string& folder, const std::string& script,
                            const std::string& text) {
  const std::filesystem::path path = std::filesystem::path(folder) / (script + ".jsonl");
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("the transcript ", path.string(),
                                             " cannot be written; look at the disk and the "
                                             "rights of the folder"));
}

}  // namespace callbridge::live
