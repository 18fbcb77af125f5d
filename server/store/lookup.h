// Looking something up in a container of the standard library, in one word.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

namespace callbridge::store {

// Absent: there is no such key.
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
