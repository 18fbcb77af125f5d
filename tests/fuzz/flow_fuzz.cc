// Plays the flow as the bytes say (flow_game.h). CALLBRIDGE_TELL=1 flow_fuzz FILE prints what
// happens, for whoever looks at a finding.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "tests/flow/describe.h"
#include "tests/fuzz/flow_game.h"

namespace callbridge::fuzz {
namespace {

void Tell(base::Time now, const internal::v1::Input& input,
          const internal::v1::Transition& transition) {
  std::cerr << base::FormatTime(now).substr(11) << " " << input.ShortDebugString().substr(0, 600)
            << "\n";
  for (const v1::SessionEvent& event : transition.events()) {
    std::cerr << "    " << flow::DescribeEvent(event) << "\n";
  }
  for (const internal::v1::Command& command : transition.commands()) {
    std::cerr << "    " << flow::DescribeCommand(command) << "\n";
  }
  for (const std::int32_t number : transition.cancelled_commands()) {
    std::cerr << "    cancel " << number << "\n";
  }
  if (!transition.ignored_reason().empty()) {
    std::cerr << "    ignored: " << transition.ignored_reason() << "\n";
  }
}

}  // namespace
}  // namespace callbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool told = std::getenv("CALLBRIDGE_TELL") != nullptr;
  callbridge::fuzz::PlayFlow(data, size, told ? callbridge::fuzz::Tell : nullptr);
  return 0;
}
