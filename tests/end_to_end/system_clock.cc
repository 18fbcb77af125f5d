#include "tests/end_to_end/system_clock.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "tests/end_to_end/preloaded.h"
#include "tests/end_to_end/settings_file.h"

namespace callbridge::end_to_end {

SystemClock::SystemClock()
    : folder_(MakeFolder("callbridge-clock")),
      control_(MapNew<ClockControl>(folder_ / "control")) {}

SystemClock::~SystemClock() {
  munmap(control_, sizeof(ClockControl));
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
  EXPECT_FALSE(error) << folder_ << ": " << error.message();
}

std::vector<std::string> SystemClock::Environment() const {
  std::vector<std::string> environment = Preloaded(CALLBRIDGE_CLOCK_STEPS);
  environment.push_back(std::string(kClockControlVariable) + "=" + (folder_ / "control").string());
  return environment;
}

}  // namespace callbridge::end_to_end
