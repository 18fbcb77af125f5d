#include "tests/fuzz/spoil.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/flow_inputs.h"
#include "tests/fuzz/random_message.h"

namespace callbridge::fuzz {
namespace {

using internal::v1::CommandResult;
using internal::v1::Input;

constexpr std::array<std::string_view, 14> kWords = {
    "",       "call-0",   "call-1",  "call-2",   "call-3", "conf-1",       "conf-2",
    "caller", "callee-1", "session", kSessionId, "dial",   "bridge/other", "SAY"};
constexpr Taste kTaste{.texts = kWords, .odd_times = false};

}  // namespace

void Spoil(ByteReader& bytes, Input& input) {
  for (std::size_t times = 1 + bytes.Below(4); times > 0; --times) {
    if (input.has_provider_event()) {
      ChangeOneField(bytes, kTaste, *input.mutable_provider_event());
    } else if (input.has_command_result()) {
      // Whose result it is stands in the ledger, not in the answer.
      const std::int32_t number = input.command_result().number();
      const std::int32_t attempt = input.command_result().attempt();
      ChangeOneField(bytes, kTaste, *input.mutable_command_result());
      input.mutable_command_result()->set_number(number);
      input.mutable_command_result()->set_attempt(attempt);
      // The worker says that only of what has not left.
      if (input.command_result().verdict() == CommandResult::VERDICT_EXPIRED) {
        input.mutable_command_result()->set_verdict(CommandResult::VERDICT_UNKNOWN);
      }
    }
  }
}

}  // namespace callbridge::fuzz
