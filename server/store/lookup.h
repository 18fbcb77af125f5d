// Looks up a key in a container of the standard library with one call.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

namespace callbridge::store {

// Returns the value. Absent means that the key does not exist.
template <typename Map>
auto Lookup(const Map& map, const typename Map::key_type& key)
    -> std::optional<typename Map::mapped_type> {
  const auto found = map.find(key);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

template <typename Value>
bool Has(const std::vector<Value>& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace callbridge::store
