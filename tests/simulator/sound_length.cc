#include "tests/simulator/sound_length.h"

#include <array>
#include <cstddef>

namespace callbridge::simulator {
namespace {

std::uint32_t Byte(std::string_view file, std::size_t at) {
  return static_cast<unsigned char>(file[at]);
}

std::uint32_t LittleEndian(std::string_view file, std::size_t at) {
  return Byte(file, at) | Byte(file, at + 1) << 8U | Byte(file, at + 2) << 16U |
         Byte(file, at + 3) << 24U;
}

std::optional<SoundLength> MeasureWav(std::string_view file) {
  std::uint32_t bytes_per_second = 0;
  for (std::size_t at = 12; at + 8 <= file.size();) {
    const std::string_view name = file.substr(at, 4);
    const std::uint32_t size = LittleEndian(file, at + 4);
    if (name == "fmt " && at + 20 <= file.size()) bytes_per_second = LittleEndian(file, at + 16);
    if (name == "data") {
      if (bytes_per_second == 0) return std::nullopt;
      return SoundLength{"WAV", size / bytes_per_second};
    }
    at += 8 + std::size_t{size} + size % 2;
  }
  return std::nullopt;
}

std::optional<SoundLength> MeasureMp3(std::string_view file) {
  if (file.starts_with("ID3") && file.size() > 10) {
    const std::size_t tag =
        10 + (Byte(file, 6) << 21U | Byte(file, 7) << 14U | Byte(file, 8) << 7U | Byte(file, 9));
    file.remove_prefix(tag < file.size() ? tag : file.size());
  }
  if (file.size() < 4 || Byte(file, 0) != 0xFF || (Byte(file, 1) & 0xE6U) != 0xE2U) {
    return std::nullopt;
  }
  // In kbit/s, of layer III: of version 1, and of versions 2 and 2.5.
  constexpr std::array<std::uint32_t, 16> kRates1{0,   32,  40,  48,  56,  64,  80,  96,
                                                  112, 128, 160, 192, 224, 256, 320, 0};
  constexpr std::array<std::uint32_t, 16> kRates2{0,  8,  16, 24,  32,  40,  48,  56,
                                                  64, 80, 96, 112, 128, 144, 160, 0};
  const bool version1 = (Byte(file, 1) & 0x18U) == 0x18U;
  const std::uint32_t rate = (version1 ? kRates1 : kRates2)[Byte(file, 2) >> 4U];
  if (rate == 0) return std::nullopt;
  return SoundLength{"MP3", static_cast<std::int64_t>(file.size() / (rate * 125))};
}

}  // namespace

std::optional<SoundLength> MeasureSound(std::string_view file) {
  if (file.size() >= 12 && file.starts_with("RIFF") && file.substr(8, 4) == "WAVE") {
    return MeasureWav(file);
  }
  return MeasureMp3(file);
}

}  // namespace callbridge::simulator
