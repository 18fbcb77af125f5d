// Values of plain structs that can be set by name: from the command line, from the control
// endpoint, from a test. A row knows its name, meaning and possible values, so that help and errors
// are complete. Rows hold no values themselves.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/time.h"

namespace callbridge::simulator {

// "250ms", "1.5s", "2m"; a bare number is seconds.
absl::StatusOr<base::Duration> ParseDuration(std::string_view text);
std::string FormatDuration(base::Duration duration);
absl::StatusOr<double> ParseNumber(std::string_view text, double min, double max);
std::string FormatNumber(double number);

template <typename Struct>
struct Named {
  std::string name;
  std::string meaning;
  // What may be given, for help and errors: "call | conference | both", "0..1".
  std::string values;
  // The single values, for choices only: what a test goes through.
  std::vector<std::string> choices;
  std::function<absl::Status(Struct&, std::string_view)> set;
  std::function<std::string(const Struct&)> get;
};

// The enumerators of the member (or false and true) in the order of the choices.
template <typename Struct, typename Value>
Named<Struct> Choice(std::string name, std::string meaning, Value Struct::*member,
                     std::vector<std::string> choices) {
  Named<Struct> row{std::move(name), std::move(meaning), "", std::move(choices), {}, {}};
  for (const std::string& choice : row.choices) {
    row.values += (row.values.empty() ? "" : " | ") + choice;
  }
  row.set = [member, names = row.choices, values = row.values](Struct& target,
                                                               std::string_view text) {
    for (std::size_t index = 0; index < names.size(); ++index) {
      if (names[index] != text) continue;
      target.*member = static_cast<Value>(index);
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError("must be one of " + values);
  };
  row.get = [member, names = row.choices](const Struct& source) {
    return names.at(static_cast<std::size_t>(source.*member));
  };
  return row;
}

// 0 never, 1 always.
template <typename Struct>
Named<Struct> Probability(std::string name, std::string meaning, double Struct::*member) {
  return {std::move(name),
          std::move(meaning),
          "0..1",
          {},
          [member](Struct& target, std::string_view text) {
            auto number = ParseNumber(text, 0, 1);
            if (number.ok()) target.*member = *number;
            return number.status();
          },
          [member](const Struct& source) { return FormatNumber(source.*member); }};
}

template <typename Struct>
Named<Struct> Span(std::string name, std::string meaning, base::Duration Struct::*member) {
  return {std::move(name),
          std::move(meaning),
          "duration",
          {},
          [member](Struct& target, std::string_view text) {
            auto duration = ParseDuration(text);
            if (duration.ok()) target.*member = *duration;
            return duration.status();
          },
          [member](const Struct& source) { return FormatDuration(source.*member); }};
}

template <typename Struct>
Named<Struct> Count(std::string name, std::string meaning, std::int64_t Struct::*member) {
  return {std::move(name),
          std::move(meaning),
          "0, 1, 2 …",
          {},
          [member](Struct& target, std::string_view text) {
            auto number = ParseNumber(text, 0, 1e12);
            if (number.ok()) target.*member = static_cast<std::int64_t>(*number);
            return number.status();
          },
          [member](const Struct& source) { return std::to_string(source.*member); }};
}

// Words separated by commas.
template <typename Struct>
Named<Struct> Words(std::string name, std::string meaning,
                    std::vector<std::string> Struct::*member) {
  return {std::move(name),
          std::move(meaning),
          "word,word …",
          {},
          [member](Struct& target, std::string_view text) {
            (target.*member).clear();
            while (!text.empty()) {
              const std::size_t comma = std::min(text.find(','), text.size());
              if (comma > 0) (target.*member).emplace_back(text.substr(0, comma));
              text.remove_prefix(std::min(comma + 1, text.size()));
            }
            return absl::OkStatus();
          },
          [member](const Struct& source) {
            std::string joined;
            for (const std::string& word : source.*member) {
              joined += (joined.empty() ? "" : ",") + word;
            }
            return joined;
          }};
}

// InvalidArgument names the row and what it takes.
template <typename Struct>
absl::Status SetByName(const std::vector<Named<Struct>>& rows, Struct& target,
                       std::string_view name, std::string_view value) {
  for (const Named<Struct>& row : rows) {
    if (row.name != name) continue;
    const absl::Status set = row.set(target, value);
    if (set.ok()) return set;
    return absl::InvalidArgumentError(row.name + ": " + std::string(set.message()));
  }
  return absl::InvalidArgumentError("there is no \"" + std::string(name) +
                                    "\"; --help lists all names");
}

// One line each: name, values, default, meaning.
template <typename Struct>
std::string Describe(const std::vector<Named<Struct>>& rows) {
  std::string text;
  const Struct defaults;
  for (const Named<Struct>& row : rows) {
    text += "  " + row.name + "=" + row.values + " (default \"" + row.get(defaults) +
            "\")\n      " + row.meaning + "\n";
  }
  return text;
}

}  // namespace callbridge::simulator
