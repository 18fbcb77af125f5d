// A port of this machine that the kernel chose and that stays ours while programs that listen on it
// come and go. Two programs that must know each other's address before either runs, and restarts at
// the same address, need it.
#pragma once

#include <cstdint>

namespace callbridge::end_to_end {

class ReservedPort {
 public:
  ReservedPort();
  ~ReservedPort();
  ReservedPort(const ReservedPort&) = delete;
  ReservedPort& operator=(const ReservedPort&) = delete;

  std::uint16_t number() const { return number_; }

 private:
  // Bound and never listening: with SO_REUSEADDR a program may listen on the port, and nobody gets
  // it by chance.
  int socket_ = -1;
  std::uint16_t number_ = 0;
};

}  // namespace callbridge::end_to_end
