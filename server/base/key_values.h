// Maps of texts: in the order of their keys, and as the sorted list that is stored (facts.proto,
// KeyValue).
#pragma once

#include <google/protobuf/map.h>
#include <google/protobuf/repeated_ptr_field.h>

#include <map>
#include <string>

#include "callbridge/internal/v1/facts.pb.h"

namespace callbridge::base {

// Returns the entries in the order of their keys. A map of Protobuf has none, and the same content
// must always give the same messages and the same bytes.
inline std::map<std::string, std::string> Sorted(
    const google::protobuf::Map<std::string, std::string>& entries) {
  return {entries.begin(), entries.end()};
}

// Replaces the list by these entries.
inline void SetKeyValues(const std::map<std::string, std::string>& entries,
                         google::protobuf::RepeatedPtrField<internal::v1::KeyValue>& list) {
  list.Clear();
  for (const auto& [key, value] : entries) {
    internal::v1::KeyValue& entry = *list.Add();
    entry.set_key(key);
    entry.set_value(value);
  }
}

}  // namespace callbridge::base
