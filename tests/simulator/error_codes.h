// The error codes of calls, docs/provider.md §6. A table and a lookup, nothing else.
#pragma once

#include <string_view>

namespace callbridge::simulator {

struct ErrorCode {
  int id;
  std::string_view name;
  std::string_view description;
};

// Null if there is none of that name.
const ErrorCode* FindErrorCode(std::string_view name);

}  // namespace callbridge::simulator
