// The system's clock as a server sees it, with a door for whoever sets it to another time while the
// server runs.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/end_to_end/clock_control.h"

namespace callbridge::end_to_end {

class SystemClock {
 public:
  SystemClock();
  ~SystemClock();
  SystemClock(const SystemClock&) = delete;
  SystemClock& operator=(const SystemClock&) = delete;

  // For the server.
  std::vector<std::string> Environment() const;
  // From now on it is so much ahead of the true time.
  void SetAhead(std::chrono::seconds ahead) { control_->ahead_s = ahead.count(); }

 private:
  std::filesystem::path folder_;
  ClockControl* control_ = nullptr;
};

}  // namespace callbridge::end_to_end
