// The command line of our programs: "--name value", "--name=value" and switches. Unknown flags,
// missing and surplus values are refused with the nearest known flag; nothing is guessed. It knows
// no meaning of any flag.
#pragma once

#include <absl/status/statusor.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callbridge::base {

// One flag that a program knows.
struct Flag {
  // Without "--".
  std::string name;
  // What stands for its value in the usage text; empty: a switch, which takes none.
  std::string value_name;
  std::string description;
  // May be given several times.
  bool repeated = false;
};

class Arguments {
 public:
  // Reads what follows the program's name. INVALID_ARGUMENT says which argument is wrong. After
  // "--" everything is a word.
  static absl::StatusOr<Arguments> Parse(const std::vector<std::string>& arguments,
                                         const std::vector<Flag>& flags);
  static absl::StatusOr<Arguments> Parse(int argument_count, const char* const* arguments,
                                         const std::vector<Flag>& flags);

  bool Has(std::string_view name) const;
  // Absent: not given.
  std::optional<std::string> Value(std::string_view name) const;
  std::string ValueOr(std::string_view name, std::string_view otherwise) const;
  // All values of a repeated flag, in the order given.
  std::vector<std::string> Values(std::string_view name) const;
  // Arguments that are no flags, in the order given.
  const std::vector<std::string>& words() const { return words_; }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> words_;
};

// One line for each flag, aligned.
std::string DescribeFlags(const std::vector<Flag>& flags);

}  // namespace callbridge::base
