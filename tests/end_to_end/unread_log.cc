#include "tests/end_to_end/unread_log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>
#include <utility>

namespace callbridge::end_to_end {
namespace {

constexpr int kPage = 4096;
// Longer than any line that a service writes here.
constexpr int kLine = 512;

}  // namespace

UnreadLog::UnreadLog(std::filesystem::path path) : path_(std::move(path)) {
  EXPECT_EQ(mkfifo(path_.c_str(), 0600), 0) << path_;
  reader_ = open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  EXPECT_GE(reader_, 0) << path_;
  EXPECT_EQ(fcntl(reader_, F_SETPIPE_SZ, kPage), kPage) << path_;
}

UnreadLog::~UnreadLog() {
  close(reader_);
  Hide();
}

void UnreadLog::Hide() const {
  std::error_code error;
  std::filesystem::remove(path_, error);
}

bool UnreadLog::full() const {
  int bytes = 0;
  EXPECT_EQ(ioctl(reader_, FIONREAD, &bytes), 0) << path_;
  return bytes > kPage - kLine;
}

}  // namespace callbridge::end_to_end
