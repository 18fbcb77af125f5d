// Libraries that tests preload into a program, and the small object in a mapped file by which each
// is told what to do.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <new>
#include <string>
#include <vector>

namespace callbridge::end_to_end {

// A new Object in this file. To be unmapped with munmap.
template <typename Object>
Object* MapNew(const std::filesystem::path& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  EXPECT_GE(file, 0) << path;
  EXPECT_EQ(ftruncate(file, sizeof(Object)), 0) << path;
  void* memory = mmap(nullptr, sizeof(Object), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  EXPECT_NE(memory, MAP_FAILED) << path;
  close(file);
  return new (memory) Object;
}

// The variable that gives a program AddressSanitizer's options of this process, and this one.
inline std::string SanitizerOptions(const std::string& option) {
  const char* options = std::getenv("ASAN_OPTIONS");
  return "ASAN_OPTIONS=" + (options == nullptr ? "" : std::string(options) + ":") + option;
}

// What a program needs so that this library stands before the C library's.
inline std::vector<std::string> Preloaded(const char* library) {
  // The library must come first to see what is asked for; AddressSanitizer wants to be told that
  // this is meant.
  return {std::string("LD_PRELOAD=") + library, SanitizerOptions("verify_asan_link_order=0")};
}

}  // namespace callbridge::end_to_end
