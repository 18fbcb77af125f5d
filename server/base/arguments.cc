#include "server/base/arguments.h"

#include <absl/strings/str_format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <utility>

#include "server/base/nearest.h"

namespace callbridge::base {
namespace {

using Texts = std::vector<std::string>;

absl::Status Refuse(const std::string& why) { return absl::InvalidArgumentError(why); }

std::string Dashed(const Flag& flag) { return "--" + flag.name; }

std::string Spelling(const Flag& flag) {
  return flag.value_name.empty() ? Dashed(flag) : Dashed(flag) + " " + flag.value_name;
}

const Flag* Find(const std::vector<Flag>& flags, std::string_view name) {
  const auto found = std::ranges::find(flags, name, &Flag::name);
  return found == flags.end() ? nullptr : &*found;
}

bool IsFlag(std::string_view argument) { return argument.size() > 1 && argument.starts_with('-'); }

absl::Status RefuseUnknown(const std::string& argument, const std::vector<Flag>& flags) {
  const std::string spelled = argument.substr(0, argument.find('='));
  const std::string name = spelled.substr(spelled.starts_with("--") ? 2 : 1);
  if (spelled.starts_with("--") && Find(flags, name) != nullptr) {
    return Refuse(spelled + ": belongs to the command; write it behind the command's name");
  }
  Texts names;
  for (const Flag& flag : flags) names.push_back(flag.name);
  const std::string nearest = Nearest(name, names);
  return Refuse(
      absl::StrFormat("%s: unknown flag; %s", spelled,
                      nearest.empty() ? "see --help" : "did you mean --" + nearest + "?"));
}

absl::Status RefuseMissing(const Flag& flag) {
  return Refuse(absl::StrFormat("%s: needs a value; write %s=%s", Dashed(flag), Dashed(flag),
                                flag.value_name));
}

// Turns "--name=" into two arguments. Otherwise CLI11 would take the next argument for its value.
Texts WithEmptyValues(const Texts& arguments) {
  Texts result;
  for (const std::string& argument : arguments) {
    const bool empty = argument.starts_with("--") && argument.find('=') + 1 == argument.size();
    result.push_back(empty ? argument.substr(0, argument.size() - 1) : argument);
    if (empty) result.emplace_back();
  }
  return result;
}

// Refuses a value behind a switch, and a flag in the place of a value. This runs before the values
// are read.
absl::Status CheckValues(const Texts& arguments, const std::vector<Flag>& flags) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i].starts_with("--")) continue;
    const std::size_t equals = arguments[i].find('=');
    const bool joined = equals != std::string::npos;
    const Flag* flag = Find(flags, arguments[i].substr(2, joined ? equals - 2 : equals));
    if (flag == nullptr) continue;
    if (flag->value_name.empty()) {
      if (joined) {
        return Refuse(
            absl::StrFormat("%s: takes no value; write %s alone", Dashed(*flag), Dashed(*flag)));
      }
    } else if (!joined) {
      if (i + 1 == arguments.size() || arguments[i + 1].starts_with("--")) {
        return RefuseMissing(*flag);
      }
      ++i;
    }
  }
  return absl::OkStatus();
}

void AddFlags(const std::vector<Flag>& flags, CLI::App& app) {
  for (const Flag& flag : flags) {
    CLI::Option* option = flag.value_name.empty() ? app.add_flag(Dashed(flag))
                                                  : app.add_option(Dashed(flag))->expected(1);
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
}

}  // namespace

absl::StatusOr<Arguments> Arguments::Parse(const Texts& arguments, const std::vector<Flag>& flags,
                                           const std::vector<Command>& commands) {
  const auto end_of_flags = std::ranges::find(arguments, "--");
  const Texts before_end(arguments.begin(), end_of_flags);
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  app.require_subcommand(0, 1);
  AddFlags(flags, app);
  std::vector<Flag> all = flags;
  bool word_before_command = false;
  for (const Command& command : commands) {
    CLI::App& subcommand = *app.add_subcommand(command.name)->fallthrough();
    AddFlags(command.flags, subcommand);
    subcommand.preparse_callback([&](std::size_t) {
      const Texts extras = app.remaining();
      word_before_command = !std::ranges::all_of(extras, IsFlag);
    });
    all.insert(all.end(), command.flags.begin(), command.flags.end());
  }
  if (absl::Status values = CheckValues(before_end, all); !values.ok()) return values;
  Texts reversed = WithEmptyValues(before_end);
  std::ranges::reverse(reversed);
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    return Refuse(error.what());
  }
  Arguments result;
  std::vector<Flag> known = flags;
  const CLI::App* chosen = &app;
  if (!app.get_subcommands().empty() && !word_before_command) {
    chosen = app.get_subcommands().front();
    result.command_ = chosen->get_name();
    const auto command = std::ranges::find(commands, result.command_, &Command::name);
    known.insert(known.end(), command->flags.begin(), command->flags.end());
  }
  const bool undecided = !commands.empty() && result.command_.empty();
  for (const std::string& extra : app.remaining(true)) {
    if (!IsFlag(extra)) {
      result.words_.push_back(extra);
    } else if (!undecided) {
      return RefuseUnknown(extra, known);
    }
  }
  if (end_of_flags != arguments.end()) {
    result.words_.insert(result.words_.end(), end_of_flags + 1, arguments.end());
  }
  for (const Flag& flag : known) {
    const CLI::Option* own = chosen->get_option_no_throw(Dashed(flag));
    const CLI::Option* option = own != nullptr ? own : app.get_option_no_throw(Dashed(flag));
    if (option->count() == 0) continue;
    if (option->count() > 1 && !flag.repeated) {
      return Refuse(absl::StrFormat("%s: given twice; leave one out", Dashed(flag)));
    }
    result.values_[flag.name] = option->results();
  }
  return result;
}

absl::StatusOr<Arguments> Arguments::Parse(int argument_count, const char* const* arguments,
                                           const std::vector<Flag>& flags) {
  std::vector<std::string> rest;
  for (int i = 1; i < argument_count; ++i) rest.emplace_back(arguments[i]);
  return Parse(rest, flags);
}

bool Arguments::Has(std::string_view name) const { return values_.find(name) != values_.end(); }

std::optional<std::string> Arguments::Value(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second.back();
}

std::string Arguments::ValueOr(std::string_view name, std::string_view otherwise) const {
  return Value(name).value_or(std::string(otherwise));
}

std::vector<std::string> Arguments::Values(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

std::vector<Flag> CommonFlags() {
  return {{"version", "", "print the version"}, {"help", "", "print this"}};
}

std::string DescribeFlags(const std::vector<Flag>& flags) {
  std::size_t width = 0;
  for (const Flag& flag : flags) width = std::max(width, Spelling(flag).size());
  std::string text;
  for (const Flag& flag : flags) {
    std::string spelling = Spelling(flag);
    spelling.resize(width, ' ');
    text += absl::StrFormat("  %s  %s\n", spelling, flag.description);
  }
  return text;
}

}  // namespace callbridge::base
