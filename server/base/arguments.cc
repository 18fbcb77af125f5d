#include "server/base/arguments.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <cstddef>

#include "server/base/nearest.h"

namespace callbridge::base {
namespace {

absl::Status Unknown(const std::string& argument, const std::string& name,
                     const std::vector<Flag>& flags) {
  std::vector<std::string> names;
  for (const Flag& flag : flags) names.push_back(flag.name);
  const std::string nearest = Nearest(name, names);
  const std::string hint = nearest.empty() ? "see --help" : "did you mean --" + nearest + "?";
  return absl::InvalidArgumentError(absl::StrFormat("%s: unknown flag; %s", argument, hint));
}

std::string Spelling(const Flag& flag) {
  return flag.value_name.empty() ? "--" + flag.name : "--" + flag.name + " " + flag.value_name;
}

}  // namespace

absl::StatusOr<Arguments> Arguments::Parse(const std::vector<std::string>& arguments,
                                           const std::vector<Flag>& flags) {
  Arguments result;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") {
      result.words_.insert(result.words_.end(),
                           arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
      break;
    }
    if (!argument.starts_with('-') || argument == "-") {
      result.words_.push_back(argument);
      continue;
    }
    const std::size_t equals = argument.find('=');
    const std::string spelled = argument.substr(0, equals);
    const std::string name = spelled.substr(spelled.starts_with("--") ? 2 : 1);
    const auto flag = std::find_if(flags.begin(), flags.end(),
                                   [&](const Flag& known) { return known.name == name; });
    if (!spelled.starts_with("--") || flag == flags.end()) return Unknown(spelled, name, flags);
    std::vector<std::string>& values = result.values_[name];
    if (!values.empty() && !flag->repeated) {
      return absl::InvalidArgumentError(absl::StrFormat("--%s: given twice; leave one out", name));
    }
    if (flag->value_name.empty()) {
      if (equals != std::string::npos) {
        return absl::InvalidArgumentError(
            absl::StrFormat("--%s: takes no value; write --%s alone", name, name));
      }
      values.emplace_back();
    } else if (equals != std::string::npos) {
      values.push_back(argument.substr(equals + 1));
    } else if (i + 1 < arguments.size() && !arguments[i + 1].starts_with("--")) {
      values.push_back(arguments[++i]);
    } else {
      return absl::InvalidArgumentError(
          absl::StrFormat("--%s: needs a value; write --%s=%s", name, name, flag->value_name));
    }
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
