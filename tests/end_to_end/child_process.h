// One of our programs as a child process: started, signalled by its id, waited for with a limit.
// Whatever happens to the test, the child does not outlive it. What it prints is appended to files,
// so that a restart continues the same log.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace callbridge::end_to_end {

class ChildProcess {
 public:
  // `program` is the name of one of our binaries. Standard output goes to <log>.out, standard error
  // to <log>.err. `environment` is added to the test's own: "NAME=value".
  ChildProcess(const std::string& program, std::vector<std::string> arguments,
               const std::filesystem::path& log, std::vector<std::string> environment = {});
  // Kills it if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  const std::string& program() const { return program_; }
  void Signal(int signal);
  // Its exit code, or minus the signal that ended it. Absent: it still runs when the limit has
  // passed.
  std::optional<int> WaitExit(std::chrono::milliseconds limit);
  // SIGKILL, and waits until nothing of it is left.
  void Kill();
  // False at once when it ends, true when the pause is over.
  bool StaysAliveFor(std::chrono::milliseconds pause);

 private:
  std::string program_;
  pid_t process_ = -1;
  // Readable when the process has ended.
  int ended_ = -1;
  std::optional<int> exit_;
};

// Asks again and again until the condition holds. False: the limit has passed, or the child ended
// and it does not hold.
bool Await(ChildProcess& child, std::chrono::milliseconds limit,
           const std::function<bool()>& condition);

}  // namespace callbridge::end_to_end
