// A bar that grows in one line of a terminal while a file is sent. In a pipe it writes nothing.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>

namespace callbridge::admin {

// "1.2 MB", "312 kB" or "80 bytes", of 1,000 each.
std::string BytesText(std::int64_t bytes);

// For one thread at a time.
class ProgressBar {
 public:
  // total: in bytes, above 0. terminal: whether `out` is one.
  ProgressBar(std::int64_t total, bool terminal, std::ostream& out)
      : total_(total), terminal_(terminal), out_(out) {}
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  // Ends the line.
  ~ProgressBar();

  // done: in bytes.
  void Show(std::int64_t done);

 private:
  const std::int64_t total_;
  const bool terminal_;
  std::ostream& out_;
  int shown_percent_ = -1;
};

}  // namespace callbridge::admin
