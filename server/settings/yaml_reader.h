// Reads one YAML document into one protobuf message, by reflection and without knowing what the
// message means. It is strict: unknown and repeated keys, wrong kinds of values and two members of
// a oneof are problems. Every problem is reported with its place. Problems show values only masked.
#pragma once

#include <google/protobuf/message.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace callbridge::settings {

// A place in the text. Line and column begin at 1.
struct Position {
  int line = 1;
  int column = 1;

  auto operator<=>(const Position&) const = default;
};

struct Problem {
  Position position;
  // The path of the field, like "routes[0].callees". Empty means the whole document.
  std::string path;
  std::string description;
};

struct YamlReading {
  // False if the text is no YAML, or not one map. Nothing was read then, so that a check of the
  // message would only find what follows from that.
  bool is_map = false;
  std::vector<Problem> problems;
  // The position of the key of every field that was given, and of every item of a list.
  std::map<std::string, Position, std::less<>> positions;

  // Returns the position of the field, or of the nearest field around it that was given.
  Position PositionOf(std::string_view path) const;
};

// Reads the document. Keys are the proto's field names; durations are written like "8s", and enum
// values without their prefix, in any case. A key without a value is a problem, except for a
// message without fields. The message receives what could be read.
YamlReading ReadYaml(std::string_view yaml, google::protobuf::Message& message);

}  // namespace callbridge::settings
