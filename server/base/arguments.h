// The command line of our programs: "--name value", "--name=value", switches and, for programs that
// have several, a command. Unknown flags, missing and surplus values are refused with the nearest
// known flag; nothing is guessed. CLI11 takes the line apart; it knows no meaning of any flag.
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

// One command of a program, with the flags that stand behind it.
struct Command {
  std::string name;
  std::vector<Flag> flags;
};

class Arguments {
 public:
  // Reads what follows the program's name. INVALID_ARGUMENT says which argument is wrong. After
  // "--" everything is a word. The flags may stand before and behind a command; the first word that
  // is a command's name is the command. Without any, the words may hold a name that is unknown,
  // and flags that are unknown are passed over.
  static absl::StatusOr<Arguments> Parse(const std::vector<std::string>& arguments,
                                         const std::vector<Flag>& flags,
                                         const std::vector<Command>& commands = {});
  static absl::StatusOr<Arguments> Parse(int argument_count, const char* const* arguments,
                                         const std::vector<Flag>& flags);

  // Empty: none was given.
  const std::string& command() const { return command_; }
  bool Has(std::string_view name) const;
  // Absent: not given.
  std::optional<std::string> Value(std::string_view name) const;
  std::string ValueOr(std::string_view name, std::string_view otherwise) const;
  // All values of a repeated flag, in the order given.
  std::vector<std::string> Values(std::string_view name) const;
  // Arguments that are no flags, in the order given, without the command.
  const std::vector<std::string>& words() const { return words_; }

 private:
  std::string command_;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> words_;
};

// --help and --version, which every program has.
std::vector<Flag> CommonFlags();

// One line for each flag, aligned.
std::string DescribeFlags(const std::vector<Flag>& flags);

}  // namespace callbridge::base
