#include "server/admin/sound_file.h"

#include <absl/strings/str_format.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "server/admin/mp3.h"

namespace callbridge::admin {
namespace {

using Bytes = std::vector<unsigned char>;

constexpr char kConvert[] = "; convert it, for example: ffmpeg -i IN -ar 16000 -ac 1 OUT.wav";
// A WAV file has a handful of chunks.
constexpr int kChunksMax = 1'000;
constexpr std::size_t kRiffHead = 12;
constexpr std::size_t kChunkHead = 8;
constexpr std::size_t kFormatBytes = 16;
// What a program writes that does not know the length when it begins.
constexpr std::uint32_t kLengthNotKnown = 0xFFFFFFFF;

absl::Status Refuse(const std::string& what) { return absl::InvalidArgumentError(what); }

bool HasText(const Bytes& bytes, std::size_t at, std::string_view text) {
  if (bytes.size() < at + text.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (bytes[at + i] != static_cast<unsigned char>(text[i])) return false;
  }
  return true;
}

std::uint32_t LittleEndian32(const Bytes& bytes, std::size_t at) {
  return std::uint32_t{bytes[at]} | std::uint32_t{bytes[at + 1]} << 8U |
         std::uint32_t{bytes[at + 2]} << 16U | std::uint32_t{bytes[at + 3]} << 24U;
}

absl::StatusOr<SoundFacts> MeasureData(const InputFile& file, std::int64_t begin,
                                       std::uint32_t bytes, std::uint32_t bytes_per_second) {
  if (bytes_per_second == 0) {
    return Refuse(std::string("is damaged: it does not say how it is coded (no \"fmt \" chunk "
                              "before the sound)") +
                  kConvert);
  }
  if (bytes == kLengthNotKnown) {
    return Refuse(std::string("does not say how long it is, as if it was written into a pipe") +
                  kConvert);
  }
  if (bytes == 0) return Refuse("holds no sound: its data are empty; record it anew");
  const std::int64_t missing = begin + bytes - file.size();
  if (missing > 0) {
    return Refuse(absl::StrFormat(
        "is cut short: %d of the %d bytes of its sound are missing; copy or export it anew",
        missing, bytes));
  }
  return SoundFacts{SoundFormat::kWav,
                    base::Duration(std::llround(static_cast<double>(bytes) * 1e9 /
                                                static_cast<double>(bytes_per_second)))};
}

absl::StatusOr<SoundFacts> InspectWav(const InputFile& file) {
  std::uint32_t bytes_per_second = 0;
  std::int64_t at = kRiffHead;
  for (int chunk = 0; chunk < kChunksMax; ++chunk) {
    const Bytes head = file.ReadAt(at, kChunkHead);
    if (head.size() < kChunkHead) break;
    const std::uint32_t bytes = LittleEndian32(head, 4);
    const std::int64_t begin = at + static_cast<std::int64_t>(kChunkHead);
    if (HasText(head, 0, "data")) return MeasureData(file, begin, bytes, bytes_per_second);
    if (HasText(head, 0, "fmt ")) {
      const Bytes format = file.ReadAt(begin, kFormatBytes);
      if (bytes < kFormatBytes || format.size() < kFormatBytes) break;
      bytes_per_second = LittleEndian32(format, 8);
    }
    // Chunks begin at even offsets.
    at = begin + bytes + bytes % 2;
  }
  return Refuse(
      "is cut short or damaged: it has no sound (no \"data\" chunk); copy or export it "
      "anew");
}

// The name of a format that people take for WAV or MP3.
std::optional<std::string_view> OtherFormat(const Bytes& head) {
  struct Row {
    std::size_t at;
    std::string_view text;
    std::string_view name;
  };
  constexpr std::array kRows = {
      Row{0, "OggS", "Ogg"},       Row{0, "fLaC", "FLAC"},
      Row{4, "ftyp", "MP4 (M4A)"}, Row{8, "AIFF", "AIFF"},
      Row{0, "RF64", "RF64"},      Row{0, "RIFX", "RIFX"},
      Row{8, "AVI ", "AVI"},       Row{0, "\x1A\x45\xDF\xA3", "Matroska or WebM"},
      Row{0, "#!AMR", "AMR"},      Row{0, "<", "a page of text"},
  };
  for (const Row& row : kRows) {
    if (HasText(head, row.at, row.text)) return row.name;
  }
  return std::nullopt;
}

}  // namespace

const char* NameOf(SoundFormat format) { return format == SoundFormat::kWav ? "WAV" : "MP3"; }

const char* ContentTypeOf(SoundFormat format) {
  return format == SoundFormat::kWav ? "audio/wav" : "audio/mpeg";
}

absl::StatusOr<SoundFacts> InspectSound(const InputFile& file) {
  if (file.size() == 0) return Refuse("is empty; record or export it anew");
  const Bytes head = file.ReadAt(0, kRiffHead);
  if (HasText(head, 0, "RIFF") && HasText(head, 8, "WAVE")) return InspectWav(file);
  if (const auto other = OtherFormat(head)) {
    return Refuse(
        absl::StrFormat("is %s, and the provider plays WAV and MP3 only%s", *other, kConvert));
  }
  const auto duration = MeasureMp3(file);
  if (absl::IsNotFound(duration.status())) {
    return Refuse(std::string("is neither WAV nor MP3") + kConvert);
  }
  if (!duration.ok()) return duration.status();
  return SoundFacts{SoundFormat::kMp3, *duration};
}

}  // namespace callbridge::admin
