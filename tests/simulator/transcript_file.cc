#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/simulator/replay.h"

namespace callbridge::simulator {
namespace {

constexpr int kVersion = 1;

absl::Status Invalid(std::size_t line, const std::string& why) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", why));
}

absl::StatusOr<RecordedLine> ReadLine(const simdjson::dom::element& json, std::size_t number) {
  RecordedLine line;
  double at = 0;
  if (json["at"].get(at) != simdjson::SUCCESS) return Invalid(number, "has no time \"at\"");
  line.at = std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(at));
  std::string_view text;
  std::int64_t status = 0;
  if (json["request"].get(text) == simdjson::SUCCESS) {
    line.word = text;
    if (json["target"].get(text) != simdjson::SUCCESS) {
      return Invalid(number, "is a request without a \"target\"");
    }
    line.target = text;
  } else if (json["answer"].get(status) == simdjson::SUCCESS) {
    line.kind = RecordedLine::Kind::kAnswer;
    line.status = static_cast<int>(status);
  } else if (json["webhook"].get(text) == simdjson::SUCCESS) {
    line.kind = RecordedLine::Kind::kWebhook;
    line.word = text;
  } else {
    return Invalid(number, "is no \"request\", \"answer\" or \"webhook\"");
  }
  simdjson::dom::element body;
  if (json["body"].get(body) == simdjson::SUCCESS) line.body = simdjson::minify(body);
  return line;
}

absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return absl::InvalidArgumentError("the file " + path.string() + " cannot be read");
  return text.str();
}

}  // namespace

absl::StatusOr<RecordedScript> ParseTranscript(std::string_view text) {
  simdjson::dom::parser parser;
  RecordedScript script;
  std::size_t number = 0;
  const std::vector<std::string> parts = absl::StrSplit(std::string(text), '\n');
  for (const std::string& part : parts) {
    ++number;
    if (part.empty()) continue;
    simdjson::dom::element json;
    if (parser.parse(part).get(json) != simdjson::SUCCESS || !json.is_object()) {
      return Invalid(number, "is no JSON object");
    }
    if (number > 1) {
      auto line = ReadLine(json, number);
      if (!line.ok()) return line.status();
      script.lines.push_back(*std::move(line));
      continue;
    }
    std::int64_t version = 0;
    std::int64_t place = 0;
    std::string_view name;
    if (json["transcript"].get(version) != simdjson::SUCCESS || version != kVersion ||
        json["script"].get(name) != simdjson::SUCCESS ||
        json["place"].get(place) != simdjson::SUCCESS) {
      return Invalid(number, "is no head of a transcript of version 1");
    }
    script.name = name;
    script.place = static_cast<int>(place);
  }
  if (script.name.empty()) return absl::InvalidArgumentError("it is empty");
  return script;
}

absl::StatusOr<std::vector<RecordedScript>> LoadTranscripts(const std::string& folder) {
  std::vector<RecordedScript> scripts;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".jsonl") continue;
    const auto text = ReadFile(entry.path());
    if (!text.ok()) return text.status();
    auto script = ParseTranscript(*text);
    if (!script.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(entry.path().string(), ": ", std::string(script.status().message())));
    }
    scripts.push_back(*std::move(script));
  }
  if (scripts.empty()) {
    return absl::NotFoundError("there is no transcript (*.jsonl) in the folder " + folder);
  }
  std::ranges::sort(scripts, {}, &RecordedScript::place);
  return scripts;
}

}  // namespace callbridge::simulator
