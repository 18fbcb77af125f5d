// A file system that is mounted read-only, for tests. It exists in a process and a mount namespace
// of its own, so that no mount of the machine changes.
#pragma once

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <optional>
#include <string>

namespace callbridge::tests {

// In a child process: mounts a file system of its own at the folder, runs `make`, makes the file
// system read-only, and runs `ask`. Returns what `ask` returned. Absent means that this machine
// does not let the test mount anything, so the test cannot tell.
inline std::optional<std::string> AskOnReadOnlyDisk(const std::string& folder,
                                                    const std::function<void()>& make,
                                                    const std::function<std::string()>& ask) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return std::nullopt;
  const pid_t child = fork();
  if (child == 0) {
    const bool alone = (unshare(CLONE_NEWNS) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) &&
                       mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    if (!alone || mount("none", folder.c_str(), "tmpfs", 0, "size=8m") != 0) _exit(1);
    make();
    if (mount("none", folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0) _exit(1);
    const std::string said = ask();
    _exit(write(ends[1], said.data(), said.size()) == static_cast<ssize_t>(said.size()) ? 0 : 1);
  }
  close(ends[1]);
  std::string said;
  std::array<char, 512> part{};
  for (ssize_t bytes = 0; (bytes = read(ends[0], part.data(), part.size())) > 0;) {
    said.append(part.data(), static_cast<std::size_t>(bytes));
  }
  close(ends[0]);
  int status = 1;
  const bool ended = child > 0 && waitpid(child, &status, 0) == child;
  const bool told = ended && status == 0;
  testing::Test::RecordProperty("read_only_disk", told ? "yes" : "no");
  return told ? std::optional(said) : std::nullopt;
}

}  // namespace callbridge::tests
