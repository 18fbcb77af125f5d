#include "tests/end_to_end/child_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace callbridge::end_to_end {
namespace {

using std::chrono::milliseconds;

// Between two questions: short beside anything that is waited for.
constexpr milliseconds kPause{10};
constexpr milliseconds kKillLimit{10'000};
constexpr int kNotStarted = 126;

// Between fork and exec: only what is safe in the child of a program with threads.
[[noreturn]] void BecomeProgram(char* const* arguments, char* const* environment, int out, int err,
                                pid_t parent) {
  // The child dies with the test, also when the test crashed before this line.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(kNotStarted);
  if (dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0) _exit(kNotStarted);
  // Sockets of the test must not live on in a child.
  if (close_range(STDERR_FILENO + 1, ~0U, 0) != 0) _exit(kNotStarted);
  execve(arguments[0], arguments, environment);
  _exit(kNotStarted);
}

int OpenLog(const std::filesystem::path& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  EXPECT_GE(file, 0) << path;
  return file;
}

// What exec wants; the texts must outlive it.
std::vector<char*> PointersTo(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

ChildProcess::ChildProcess(const std::string& program, std::vector<std::string> arguments,
                           const std::filesystem::path& log, std::vector<std::string> environment)
    : program_(program) {
  arguments.insert(arguments.begin(), std::string(CALLBRIDGE_BINARY_DIR) + "/" + program);
  // What comes first wins.
  for (char** inherited = environ; *inherited != nullptr; ++inherited) {
    environment.emplace_back(*inherited);
  }
  const std::vector<char*> argument_pointers = PointersTo(arguments);
  const std::vector<char*> environment_pointers = PointersTo(environment);
  const int out = OpenLog(log.string() + ".out");
  const int err = OpenLog(log.string() + ".err");
  const pid_t parent = getpid();
  process_ = fork();
  if (process_ == 0) {
    BecomeProgram(argument_pointers.data(), environment_pointers.data(), out, err, parent);
  }
  EXPECT_GT(process_, 0) << program << " cannot be started";
  close(out);
  close(err);
  // The wrapper of the C library cannot be linked from C++ before version 2.37.
  ended_ = static_cast<int>(syscall(SYS_pidfd_open, process_, 0));
  EXPECT_GE(ended_, 0) << program;
}

ChildProcess::~ChildProcess() {
  Kill();
  close(ended_);
}

void ChildProcess::Signal(int signal) {
  if (exit_.has_value()) return;
  EXPECT_EQ(kill(process_, signal), 0) << program_;
}

std::optional<int> ChildProcess::WaitExit(milliseconds limit) {
  if (exit_.has_value()) return exit_;
  const auto end = std::chrono::steady_clock::now() + limit;
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
    pollfd ended{ended_, POLLIN, 0};
    const int ready =
        poll(&ended, 1, static_cast<int>(std::max<milliseconds::rep>(0, left.count())));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return std::nullopt;
    break;
  }
  int status = 0;
  EXPECT_EQ(waitpid(process_, &status, 0), process_) << program_;
  exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return exit_;
}

void ChildProcess::Kill() {
  if (exit_.has_value()) return;
  Signal(SIGKILL);
  EXPECT_TRUE(WaitExit(kKillLimit).has_value()) << program_ << " outlives SIGKILL";
}

bool ChildProcess::StaysAliveFor(milliseconds pause) { return !WaitExit(pause).has_value(); }

bool Await(ChildProcess& child, milliseconds limit, const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (!child.StaysAliveFor(kPause)) return condition();
    if (std::chrono::steady_clock::now() >= end) return false;
  }
  return true;
}

}  // namespace callbridge::end_to_end
