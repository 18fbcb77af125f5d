// Sound files for tests, made of silence.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace callbridge::sounds {

inline std::string LittleEndian(std::uint32_t number, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i)
    text += static_cast<char>(number >> (8U * static_cast<unsigned>(i)) & 0xFFU);
  return text;
}

inline std::string Chunk(const std::string& name, const std::string& content) {
  return name + LittleEndian(static_cast<std::uint32_t>(content.size()), 4) + content;
}

inline constexpr std::uint32_t kWavBytesPerSecond = 16'000;

// One channel of 16 bits at 8 kHz.
inline std::string WavFormat() {
  return Chunk("fmt ", LittleEndian(1, 2) + LittleEndian(1, 2) + LittleEndian(8'000, 4) +
                           LittleEndian(kWavBytesPerSecond, 4) + LittleEndian(2, 2) +
                           LittleEndian(16, 2));
}

inline std::string Wav(std::chrono::milliseconds length) {
  const auto bytes = static_cast<std::size_t>(length.count()) * kWavBytesPerSecond / 1'000;
  return Chunk("RIFF", "WAVE" + WavFormat() + Chunk("data", std::string(bytes, '\0')));
}

// Bytes of a frame, and how long it sounds: version 1, layer III, 32 kbit/s at 32 kHz.
inline constexpr std::size_t kMp3FrameBytes = 144;
inline constexpr std::chrono::milliseconds kMp3FrameLength{36};

// header: of the frame, 4 bytes.
inline std::string Mp3Frame(const std::string& header = "\xFF\xFB\x18\xC0") {
  return header + std::string(kMp3FrameBytes - header.size(), '\0');
}

// As many frames as begin within this time.
inline std::string Mp3(std::chrono::milliseconds length) {
  std::string file;
  for (std::chrono::milliseconds at{0}; at < length; at += kMp3FrameLength) file += Mp3Frame();
  return file;
}

}  // namespace callbridge::sounds
