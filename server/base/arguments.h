// The command line of our programs: "--name value", "--name=value", switches and, in programs that
// have several, a command. Unknown flags, missing values and surplus values are refused, and the
// message names the nearest known flag. CLI11 splits the line; the meaning of each flag stays with
// the program.
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
  // The name without "--".
  std::string name;
  // The word that stands for the value in the usage text. Empty means that the flag is a switch,
  // which takes no value.
  std::string value_name;
  std::string description;
  // The flag may be given several times.
  bool repeated = false;
};

// One command of a program, with the flags that may follow it.
struct Command {
  std::string name;
  std::vector<Flag> flags;
};

class Arguments {
 public:
  // Reads what follows the program's name. INVALID_ARGUMENT says which argument is wrong. After
  // "--" every argument is a word. Flags may stand before and after a command; the first word that
  // is a command's name is the command. If no command is found, unknown flags are ignored, and
  // words() may hold an unknown name, which the caller refuses.
  static absl::StatusOr<Arguments> Parse(const std::vector<std::string>& arguments,
                                         const std::vector<Flag>& flags,
                                         const std::vector<Command>& commands = {});
  static absl::StatusOr<Arguments> Parse(int argument_count, const char* const* arguments,
                                         const std::vector<Flag>& flags);

  // The command's name. Empty means that the line has none.
  const std::string& command() const { return command_; }
  bool Has(std::string_view name) const;
  // The flag's value. Absent means that the flag was not given.
  std::optional<std::string> Value(std::string_view name) const;
  std::string ValueOr(std::string_view name, std::string_view otherwise) const;
  // All values of a repeated flag, in the order given.
  std::vector<std::string> Values(std::string_view name) const;
  // Arguments that are not flags, in the order given, without the command.
  const std::vector<std::string>& words() const { return words_; }

 private:
  std::string command_;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> words_;
};

// The flags --help and --version, which every program has.
std::vector<Flag> CommonFlags();

// Describes the flags, one aligned line for each.
std::string DescribeFlags(const std::vector<Flag>& flags);

}  // namespace callbridge::base
