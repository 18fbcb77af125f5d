// Tells whether a path is on a file system that is mounted read-only, where a store can neither be
// written nor, because SQLite writes beside it, be read.
#pragma once

#include <sys/statvfs.h>

#include <string>

namespace callbridge::base {

// True if the file or folder exists and no file can be written there, whoever asks. Thread-safe.
inline bool IsOnReadOnlyDisk(const std::string& path) {
  struct statvfs disk {};
  return statvfs(path.c_str(), &disk) == 0 && (disk.f_flag & ST_RDONLY) != 0;
}

}  // namespace callbridge::base
