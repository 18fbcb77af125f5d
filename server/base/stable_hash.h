// Hashes that are the same in every build, for ever: what is stored, or tested, may depend on them.
#pragma once

#include <cstdint>
#include <string_view>

namespace callbridge::base {

// FNV-1a of 64 bits.
inline std::uint64_t Fnv1a(std::string_view text) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char byte : text) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211U;
  }
  return hash;
}

// With a final mixing step, so that each bit depends on the whole text.
inline std::uint64_t StableHash(std::string_view text) {
  const std::uint64_t hash = Fnv1a(text);
  return (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdU;
}

}  // namespace callbridge::base
