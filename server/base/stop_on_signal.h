// Turns SIGINT and SIGTERM into a stop request as long as it exists. It must be made before the
// first thread, so that every thread inherits the blocked signals.
#pragma once

#include <pthread.h>

#include <csignal>
#include <stop_token>
#include <thread>

namespace callbridge::base {

// The exit status of a process that a second signal ends. Shells use the same number.
inline constexpr int kInterruptedExit = 130;

class StopOnSignal {
 public:
  StopOnSignal();
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

  const std::stop_token& token() const { return token_; }

 private:
  std::stop_source source_;
  std::stop_token token_ = source_.get_token();
  sigset_t signals_;
  std::jthread thread_;
};

}  // namespace callbridge::base
