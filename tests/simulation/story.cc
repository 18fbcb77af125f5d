#include "tests/simulation/story.h"

#include <absl/strings/str_cat.h>

#include "tests/flow/describe.h"

namespace callbridge::simulation {

std::string Story(World& world) {
  std::string story = "\n";
  for (const v1::SessionEvent& event : world.Events()) {
    absl::StrAppend(&story, base::FormatTime(base::FromTimestamp(event.record_time())).substr(11),
                    " ", flow::DescribeEvent(event), "\n");
  }
  return story + world.Timelines();
}

}  // namespace callbridge::simulation
