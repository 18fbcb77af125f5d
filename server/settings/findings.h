// The results of a check: errors, and warnings that the operator should know, each with the path of
// its field. The settings file adds the place in the file; the API turns them into field
// violations. Descriptions never repeat numbers, texts or secrets.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace callbridge::settings {

struct Finding {
  // The path of the field, like "routes[0].callees[0].ring_timeout".
  std::string path;
  // A sentence whose subject is the path, like "must be 1s to 60s".
  std::string description;

  bool operator==(const Finding&) const = default;
};

struct Findings {
  std::vector<Finding> violations;
  std::vector<Finding> warnings;

  void Refuse(const std::string& path, const std::string& description) {
    violations.push_back({path, description});
  }
  void Warn(const std::string& path, const std::string& description) {
    warnings.push_back({path, description});
  }
};

// Returns "parent.name", or "name" at the top.
inline std::string FieldPath(std::string_view parent, std::string_view name) {
  std::string path(parent);
  if (!path.empty()) path += '.';
  return path.append(name);
}

// Returns "parent[3]".
inline std::string ItemPath(std::string_view parent, std::size_t index) {
  return std::string(parent) + "[" + std::to_string(index) + "]";
}

}  // namespace callbridge::settings
