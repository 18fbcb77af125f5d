#include "server/base/stop_on_signal.h"

#include <cstdlib>

#include "server/base/check.h"

namespace callbridge::base {

StopOnSignal::StopOnSignal() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  base::Check(pthread_sigmask(SIG_BLOCK, &signals_, nullptr) == 0, "signals can be blocked");
  thread_ = std::jthread([this](const std::stop_token& done) {
    for (;;) {
      int signal = 0;
      base::Check(sigwait(&signals_, &signal) == 0, "the set of signals is valid");
      if (done.stop_requested()) return;
      // If a signal has asked to stop before, this second one ends the process at once.
      if (!source_.request_stop()) std::_Exit(kInterruptedExit);
    }
  });
}

StopOnSignal::~StopOnSignal() {
  thread_.request_stop();
  // The signal goes only to the waiting thread, and only ends its wait.
  base::Check(pthread_kill(thread_.native_handle(), SIGTERM) == 0, "the thread waits for signals");
}

}  // namespace callbridge::base
