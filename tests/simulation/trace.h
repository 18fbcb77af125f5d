// What happened in a world: a hash over all of it, so that two runs of one seed can be held against
// each other, and, if they are asked for, the lines for people. What is only remarked for people
// does not count for the hash.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/time.h"

namespace callbridge::simulation {

class Trace {
 public:
  explicit Trace(bool keep_lines) : keep_lines_(keep_lines) {}

  // Something happened that another run of the same seed must repeat.
  void Note(base::Time at, std::string_view who, std::string_view what);
  // For people only; ask keeps_lines before building an expensive text.
  void Remark(base::Time at, std::string_view who, std::string_view what);

  bool keeps_lines() const { return keep_lines_; }
  std::uint64_t hash() const { return hash_; }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  void Add(std::string_view bytes);

  bool keep_lines_;
  // FNV-1a: the same on every machine, which std::hash does not promise.
  std::uint64_t hash_ = 14695981039346656037U;
  std::vector<std::string> lines_;
};

}  // namespace callbridge::simulation
