// A log that is a pipe of one page and that nothing reads, in the place where a program opens its
// log's file.
#pragma once

#include <filesystem>

namespace callbridge::end_to_end {

class UnreadLog {
 public:
  explicit UnreadLog(std::filesystem::path path);
  // Its reader leaves, and the file is gone.
  ~UnreadLog();
  UnreadLog(const UnreadLog&) = delete;
  UnreadLog& operator=(const UnreadLog&) = delete;

  // Removes the file, once the program has opened it, so that nobody else waits in it.
  void Hide() const;
  // It takes no further line of usual length.
  bool full() const;

 private:
  const std::filesystem::path path_;
  int reader_ = -1;
};

}  // namespace callbridge::end_to_end
