// One YAML document into one protobuf message, by reflection and without knowing what the message
// means. It is strict: unknown and repeated keys, wrong kinds of values and two members of a oneof
// are problems, and every problem is reported with its place. Values are never guessed and never
// repeated in problems without being masked.
#pragma once

#include <google/protobuf/message.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace callbridge::settings {

// Both from 1.
struct Position {
  int line = 1;
  int column = 1;

  auto operator<=>(const Position&) const = default;
};

struct Problem {
  Position position;
  // "routes[0].callees"; empty: the document.
  std::string path;
  std::string description;
};

struct YamlReading {
  std::vector<Problem> problems;
  // Of the key of every field that was given, and of every item of a list.
  std::map<std::string, Position, std::less<>> positions;

  // Of the field, or of the nearest one around it that was given.
  Position PositionOf(std::string_view path) const;
};

// Keys are the proto's field names; durations "8s", enum values without their prefix in any case; a
// key without value is a problem, except for a message without fields. Written: what could be read.
YamlReading ReadYaml(std::string_view yaml, google::protobuf::Message& message);

}  // namespace callbridge::settings
