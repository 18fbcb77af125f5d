#include "tests/end_to_end/logs.h"

#include <absl/strings/match.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <map>

#include "tests/end_to_end/settings_file.h"

namespace callbridge::end_to_end {
namespace {

constexpr int kLinesOfSessionMax = 3;
// A sanitizer's report with its three stacks fits.
constexpr std::size_t kTailLines = 150;

std::vector<std::filesystem::path> LogsOf(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> logs;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string ending = entry.path().extension().string();
    if (ending == ".err" || ending == ".out") logs.push_back(entry.path());
  }
  std::sort(logs.begin(), logs.end());
  return logs;
}

std::vector<std::string> LinesOf(const std::filesystem::path& path) {
  return absl::StrSplit(ReadFile(path), '\n', absl::SkipEmpty());
}

// What must not be printed and is in the line; empty if nothing.
std::string ForbiddenIn(const std::string& line) {
  for (const char* part : kNumberParts) {
    if (absl::StrContains(line, part)) return "a telephone number";
  }
  for (const char* word : kUnspeakable) {
    if (absl::StrContains(line, word)) return "a prompt's text or a secret";
  }
  return "";
}

// The session that a line is about; empty if none.
std::string SessionOf(const std::string& line) {
  constexpr std::string_view kField = "\"session\":\"";
  const std::size_t at = line.find(kField);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + kField.size();
  return line.substr(begin, line.find('"', begin) - begin);
}

}  // namespace

std::vector<std::string> FindLogDefects(const std::filesystem::path& folder,
                                        const std::vector<std::string>& names) {
  std::vector<std::string> defects;
  std::map<std::string, int> lines_of_sessions;
  for (const std::filesystem::path& log : LogsOf(folder)) {
    const std::string name = log.filename().string();
    if (std::none_of(names.begin(), names.end(),
                     [&](const std::string& one) { return name.starts_with(one); })) {
      continue;
    }
    for (const std::string& line : LinesOf(log)) {
      const std::string forbidden = ForbiddenIn(line);
      if (!forbidden.empty()) defects.push_back(name + ": holds " + forbidden + ": " + line);
      const std::string session = SessionOf(line);
      if (!session.empty() && ++lines_of_sessions[session] > kLinesOfSessionMax) {
        defects.push_back(name + ": more than three lines of one session: " + line);
      }
    }
  }
  return defects;
}

std::string LogTails(const std::filesystem::path& folder) {
  std::string text;
  for (const std::filesystem::path& log : LogsOf(folder)) {
    const std::vector<std::string> lines = LinesOf(log);
    if (lines.empty()) continue;
    text += "---- " + log.filename().string() + "\n";
    const std::size_t first = lines.size() - std::min(lines.size(), kTailLines);
    for (std::size_t i = first; i < lines.size(); ++i) text += lines[i] + "\n";
  }
  return text;
}

}  // namespace callbridge::end_to_end
