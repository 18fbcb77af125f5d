// What a sound file is and how long it sounds, by its first bytes. Written from the formats alone,
// not from the program that uploads, and coarse: the provider shows whole seconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace callbridge::simulator {

struct SoundLength {
  // "WAV" or "MP3".
  std::string format;
  std::int64_t seconds = 0;
};

// Nothing if it is neither. The length of an MP3 is that of its size at the rate of its first
// frame.
std::optional<SoundLength> MeasureSound(std::string_view file);

}  // namespace callbridge::simulator
