// Runs one of our programs as a shell does, and keeps what it says.
#pragma once

#include <stdio.h>
#include <sys/wait.h>

#include <array>
#include <cstddef>
#include <string>

namespace callbridge {

struct ProgramAnswer {
  // -1: it did not end by itself.
  int exit = -1;
  // What it wrote to its output and its errors.
  std::string text;
};

inline ProgramAnswer AskProgram(const std::string& program, const std::string& arguments) {
  const std::string line =
      std::string(CALLBRIDGE_BINARY_DIR) + "/" + program + " " + arguments + " 2>&1";
  FILE* process = popen(line.c_str(), "r");
  ProgramAnswer answer;
  std::array<char, 4096> buffer;
  while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), process)) {
    answer.text.append(buffer.data(), count);
  }
  const int status = pclose(process);
  answer.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return answer;
}

}  // namespace callbridge
