// A hash that is stored on disk: it is the same in every build, for ever.
#pragma once

#include <cstdint>
#include <string_view>

namespace callbridge::store {

// FNV-1a with a final mixing step.
inline std::uint64_t StableHash(std::string_view text) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char byte : text) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211U;
  }
  return (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdU;
}

}  // namespace callbridge::store
