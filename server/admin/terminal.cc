#include "server/admin/terminal.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "server/base/check.h"

namespace callbridge::admin {
namespace {

constexpr std::size_t kLineBytesMax = 1'000;

// A descriptor that becomes readable when a stop is asked for.
class StopDescriptor {
 public:
  StopDescriptor() { base::Check(number_ >= 0, "a process may have another descriptor"); }
  ~StopDescriptor() { close(number_); }
  StopDescriptor(const StopDescriptor&) = delete;
  StopDescriptor& operator=(const StopDescriptor&) = delete;

  int number() const { return number_; }
  void Ring() const {
    const std::uint64_t one = 1;
    base::Check(write(number_, &one, sizeof(one)) == sizeof(one), "the descriptor takes a count");
  }

 private:
  const int number_ = eventfd(0, EFD_CLOEXEC);
};

}  // namespace

std::optional<std::string> ReadLine(int descriptor, const std::stop_token& stop) {
  const StopDescriptor stopped;
  const std::stop_callback on_stop(stop, [&stopped] { stopped.Ring(); });
  std::string line;
  while (line.size() <= kLineBytesMax) {
    std::array<pollfd, 2> ready{pollfd{stopped.number(), POLLIN, 0}, pollfd{descriptor, POLLIN, 0}};
    if (poll(ready.data(), ready.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return std::nullopt;
    }
    if (stop.stop_requested()) return std::nullopt;
    char next = 0;
    const ssize_t bytes = read(descriptor, &next, 1);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes <= 0) return std::nullopt;
    if (next == '\n') return line;
    line += next;
  }
  return std::nullopt;
}

}  // namespace callbridge::admin
