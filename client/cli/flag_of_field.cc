#include "client/cli/flag_of_field.h"

#include <array>
#include <cstddef>

namespace callbridge::cli {
namespace {

struct Row {
  std::string_view field;
  std::string_view flag;
};

// The first row counts whose text begins the field's path, so a longer text stands before a shorter
// one.
constexpr std::array kRows = {
    Row{"caller.dial", "--caller"},
    Row{"caller.offered_session_id", "--offer"},
    Row{"caller.caller_id_number", "--caller-sees"},
    Row{"callees.endpoint", "--callee"},
    Row{"callees.caller_id_number", "--callee-sees"},
    Row{"callees.ring_timeout", "--ring"},
    Row{"callees", "--callee"},
    Row{"plan_name", "--plan"},
    Row{"plan.greeting", "--greeting"},
    Row{"plan.announcement", "--announcement"},
    Row{"plan.apology", "--apology"},
    Row{"plan.voice.language", "--language"},
    Row{"plan.voice.name", "--voice"},
    Row{"plan.music.audio.url", "--music-url"},
    Row{"plan.music.audio.file_id", "--music-file"},
    Row{"plan.music.audio.file_name", "--music-name"},
    Row{"plan.music.audio.duration", "--music-duration"},
    Row{"plan.ring_timeout", "--ring"},
    Row{"plan.max_duration", "--max-duration"},
    Row{"plan.recording.start", "--record-from"},
    Row{"plan.recording.beep", "--beep"},
    Row{"plan.recording.notice.refusing_key", "--refusing-key"},
    Row{"plan.recording.notice.refusal_timeout", "--refusal-timeout"},
    Row{"plan.recording.notice.refusal", "--refusal"},
    Row{"plan.recording.notice", "--notice"},
    Row{"plan.recording", "--record"},
    Row{"labels", "--label"},
    Row{"request_id", "--request-id"},
    Row{"call_id", "--call-id"},
    Row{"phone_number", "--number"},
    Row{"created_since", "--since"},
    Row{"created_before", "--until"},
    Row{"states", "--state"},
    Row{"results", "--result"},
    Row{"page_size", "--limit"},
    Row{"reason", "--reason"},
    Row{"leg_id", "--leg"},
    Row{"leg_ids", "--leg"},
    Row{"prompt.voice.language", "--language"},
    Row{"prompt.voice.name", "--voice"},
    Row{"prompt.audio.url", "--url"},
    Row{"prompt.audio.file_id", "--file"},
    Row{"prompt.audio.file_name", "--name"},
    Row{"prompt.audio.duration", "--duration"},
    Row{"max_length", "--length"},
    Row{"mode", "--mode"},
    Row{"beep", "--beep"},
    Row{"terminator", "--terminator"},
    Row{"first_digit_timeout", "--first-timeout"},
    Row{"digit_timeout", "--digit-timeout"},
    Row{"muted", "--muted"},
    Row{"deafened", "--deafened"},
};

// Turns "callees[0].endpoint" into "callees.endpoint", because a flag stands for all elements of a
// list.
std::string WithoutIndexes(std::string_view field) {
  std::string path;
  for (std::size_t at = 0; at < field.size(); ++at) {
    if (field[at] == '[') {
      at = field.find(']', at);
      if (at == std::string_view::npos) break;
      continue;
    }
    path += field[at];
  }
  return path;
}

bool Begins(std::string_view path, std::string_view beginning) {
  return path.starts_with(beginning) &&
         (path.size() == beginning.size() || path[beginning.size()] == '.');
}

}  // namespace

std::string FlagOfField(std::string_view field) {
  const std::string path = WithoutIndexes(field);
  for (const Row& row : kRows) {
    if (Begins(path, row.field)) return std::string(row.flag);
  }
  return "";
}

}  // namespace callbridge::cli
