#include "server/live/silence.h"

#include <cstdint>

namespace callbridge::live {
namespace {

constexpr std::uint32_t kSamplesPerSecond = 8'000;
constexpr std::uint32_t kBytesPerSample = 2;
constexpr std::uint32_t kFormatBytes = 16;
constexpr std::uint16_t kPcm = 1;
constexpr std::uint16_t kMono = 1;
// From "WAVE" to the last header's end.
constexpr std::uint32_t kBytesBeforeSamples = 36;

// RIFF writes numbers with the lowest byte first.
template <typename Number>
void Append(Number number, std::string& file) {
  for (std::size_t byte = 0; byte < sizeof(Number); ++byte) {
    file += static_cast<char>((number >> (8 * byte)) & 0xFF);
  }
}

}  // namespace

std::string MakeSilence(std::chrono::seconds duration) {
  const auto bytes =
      static_cast<std::uint32_t>(duration.count()) * kSamplesPerSecond * kBytesPerSample;
  std::string file = "RIFF";
  Append<std::uint32_t>(kBytesBeforeSamples + bytes, file);
  file += "WAVEfmt ";
  Append<std::uint32_t>(kFormatBytes, file);
  Append<std::uint16_t>(kPcm, file);
  Append<std::uint16_t>(kMono, file);
  Append<std::uint32_t>(kSamplesPerSecond, file);
  Append<std::uint32_t>(kSamplesPerSecond * kBytesPerSample, file);
  Append<std::uint16_t>(kBytesPerSample, file);
  Append<std::uint16_t>(8 * kBytesPerSample, file);
  file += "data";
  Append<std::uint32_t>(bytes, file);
  file.append(bytes, '\0');
  return file;
}

}  // namespace callbridge::live
