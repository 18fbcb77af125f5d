#include "tests/simulator/people.h"

#include <absl/status/status.h>

#include "tests/simulator/error_codes.h"
#include "tests/simulator/named.h"

namespace callbridge::simulator {
namespace {

absl::Status Refuse(std::string_view word, std::string_view why) {
  return absl::InvalidArgumentError("script word \"" + std::string(word) +
                                    "\": " + std::string(why));
}

absl::Status ReadReaction(std::string_view name, std::optional<base::Duration> span,
                          Script& script) {
  if (name == "answers") {
    script.reaction = Script::Reaction::kAnswers;
    if (span) script.after = *span;
    return absl::OkStatus();
  }
  if (name == "answers-at-timeout") {
    script.reaction = Script::Reaction::kAnswersAtTimeout;
    return absl::OkStatus();
  }
  if (name == "never-answers") {
    script.reaction = Script::Reaction::kNeverAnswers;
    return absl::OkStatus();
  }
  if (name == "busy" || name == "rejects" || name == "unreachable") {
    script.reaction = Script::Reaction::kFails;
    script.rings = name == "rejects";
    script.error = "DESTINATION_UNAVAILABLE";
    if (name == "busy") script.error = "BUSY";
    if (name == "rejects") script.error = "REJECTED";
    script.after = span.value_or(std::chrono::seconds(2));
    return absl::OkStatus();
  }
  return Refuse(name, "is not known; --help lists the words");
}

absl::Status ReadWord(std::string_view word, Script& script) {
  const std::size_t colon = std::min(word.find(':'), word.size());
  const std::string_view name = word.substr(0, colon);
  const std::string_view value = word.substr(std::min(colon + 1, word.size()));
  if (name == "fails") {
    if (!FindErrorCode(value)) return Refuse(word, "names no error code of docs/provider.md §6");
    script.reaction = Script::Reaction::kFails;
    script.rings = false;
    script.error = value;
    return absl::OkStatus();
  }
  if (name == "refused") {
    const auto status = ParseNumber(value, 400, 599);
    if (!status.ok()) return Refuse(word, "needs a status from 400 to 599");
    script.reaction = Script::Reaction::kRefused;
    script.status = static_cast<int>(*status);
    return absl::OkStatus();
  }
  if (name == "presses") {
    constexpr std::string_view kKeys = "0123456789ABCD*#";
    if (value.empty() || value.find_first_not_of(kKeys) != std::string_view::npos) {
      return Refuse(word, "needs keys of 0-9, A-D, * and #, like presses:1234");
    }
    script.presses = value;
    return absl::OkStatus();
  }
  if (name == "machine") {
    script.machine = true;
    return absl::OkStatus();
  }
  std::optional<base::Duration> span;
  if (!value.empty()) {
    const auto parsed = ParseDuration(value);
    if (!parsed.ok()) return Refuse(word, std::string(parsed.status().message()));
    span = *parsed;
  }
  if (name == "hangs-up" || name == "disconnects") {
    if (!span) return Refuse(word, "needs a time, like hangs-up:20");
    (name == "hangs-up" ? script.hangs_up : script.disconnects) = span;
    return absl::OkStatus();
  }
  return ReadReaction(name, span, script);
}

}  // namespace

absl::StatusOr<Script> ParseScript(std::string_view text) {
  Script script;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const absl::Status read = ReadWord(text.substr(0, comma), script);
    if (!read.ok()) return read;
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return script;
}

const std::vector<std::pair<std::string, std::string>>& DefaultEndings() {
  static const std::vector<std::pair<std::string, std::string>> endings{
      {"01", "busy"},        {"02", "rejects:3"},          {"03", "never-answers"},
      {"04", "unreachable"}, {"05", "answers-at-timeout"}, {"06", "answers:2,hangs-up:3"},
      {"07", "answers:10"},  {"08", "answers:2,machine"},  {"09", "refused:403"},
  };
  return endings;
}

std::string DescribeScripts() {
  return "  answers:N             answers N seconds after it began to ring\n"
         "  answers-at-timeout    answers 1 ms before connectTimeout strikes\n"
         "  never-answers         rings until connectTimeout\n"
         "  busy[:N]              is busy (N s after the dial)\n"
         "  rejects[:N]           rings and rejects after N s\n"
         "  unreachable[:N]       DESTINATION_UNAVAILABLE without ringing\n"
         "  fails:NAME            fails 2 s after the dial with this error code\n"
         "  refused:STATUS        the dial itself is answered with this HTTP status\n"
         "  hangs-up:N            hangs up N s after the answer (incoming: after the start)\n"
         "  disconnects:N         loses the connection N s after the answer, for 1 s\n"
         "  presses:KEYS          presses these keys when they are captured, one every 0.5 s\n"
         "  machine               is a voicemail (for machineDetection)\n";
}

People::People() {
  for (const auto& [ending, text] : DefaultEndings()) {
    endings_.emplace_back(ending, ParseScript(text).value());
  }
}

absl::Status People::Set(std::string_view who, std::string_view script) {
  auto parsed = ParseScript(script);
  if (!parsed.ok()) return parsed.status();
  if (who == "default") {
    default_ = *parsed;
  } else if (who.starts_with('*')) {
    endings_.emplace(endings_.begin(), std::string(who.substr(1)), *parsed);
  } else if (who.empty()) {
    return absl::InvalidArgumentError("a person needs a number, an ending (*99) or \"default\"");
  } else {
    numbers_.insert_or_assign(std::string(who.substr(who.starts_with('+') ? 1 : 0)), *parsed);
  }
  return absl::OkStatus();
}

const Script& People::Find(std::string_view number) const {
  if (number.starts_with('+')) number.remove_prefix(1);
  if (const auto found = numbers_.find(number); found != numbers_.end()) return found->second;
  for (const auto& [ending, script] : endings_) {
    if (number.ends_with(ending)) return script;
  }
  return default_;
}

}  // namespace callbridge::simulator
