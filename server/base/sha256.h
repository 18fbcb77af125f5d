// SHA-256 of bytes in memory. It has no streaming, because everything hashed here is small.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace callbridge::base {

// Thread-safe.
std::array<std::uint8_t, 32> Sha256(std::string_view bytes);

}  // namespace callbridge::base
