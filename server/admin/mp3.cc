#include "server/admin/mp3.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace callbridge::admin {
namespace {

// How far the first frame may be from the beginning, behind tags. Some programs write padding.
constexpr std::int64_t kSearchBytes = 64 * 1024;
constexpr std::size_t kHeadBytes = 4;
enum class Layer { kI, kII, kIII };

struct Frame {
  Layer layer = Layer::kIII;
  // In bytes, with its header.
  std::int64_t bytes = 0;
  int samples = 0;
  int samples_per_second = 0;
  // From the frame's begin to where a summary of the file may stand (Xing, Info).
  std::size_t summary_at = 0;
};

// Reads a file from front to back without asking the system for each frame.
class Window {
 public:
  explicit Window(const InputFile& file) : file_(file) {}

  // The bytes from the offset on; fewer at the end of the file. The view ends with the next call.
  std::basic_string_view<unsigned char> At(std::int64_t offset, std::size_t bytes) {
    const auto end = begin_ + static_cast<std::int64_t>(read_.size());
    if (offset < begin_ || offset + static_cast<std::int64_t>(bytes) > end) {
      begin_ = offset;
      read_ = file_.ReadAt(offset, std::max(bytes, kWindowBytes));
    }
    const auto from = static_cast<std::size_t>(offset - begin_);
    if (from >= read_.size()) return {};
    return {read_.data() + from, std::min(bytes, read_.size() - from)};
  }

 private:
  static constexpr std::size_t kWindowBytes = 256 * 1024;

  const InputFile& file_;
  std::int64_t begin_ = 0;
  std::vector<unsigned char> read_;
};

using View = std::basic_string_view<unsigned char>;

bool Begins(View view, std::string_view text) {
  return view.size() >= text.size() && std::equal(text.begin(), text.end(), view.begin());
}

std::uint32_t BigEndian32(View view, std::size_t at) {
  return std::uint32_t{view[at]} << 24U | std::uint32_t{view[at + 1]} << 16U |
         std::uint32_t{view[at + 2]} << 8U | std::uint32_t{view[at + 3]};
}

// In kbit/s by the header's index. 0 means that the length of a frame cannot be told.
constexpr std::array<int, 16> kRatesOfVersion1{0,   32,  40,  48,  56,  64,  80,  96,
                                               112, 128, 160, 192, 224, 256, 320, 0};
constexpr std::array<int, 16> kRatesOfVersion2{0,  8,  16, 24,  32,  40,  48,  56,
                                               64, 80, 96, 112, 128, 144, 160, 0};
constexpr std::array<int, 3> kSampleRates{44'100, 48'000, 32'000};

std::optional<Frame> ReadFrame(View head) {
  if (head.size() < kHeadBytes || head[0] != 0xFF || (head[1] & 0xE0U) != 0xE0U) {
    return std::nullopt;
  }
  const unsigned version = head[1] >> 3U & 3U;
  const unsigned layer = head[1] >> 1U & 3U;
  const unsigned rate_index = head[2] >> 4U;
  const unsigned samples_index = head[2] >> 2U & 3U;
  if (version == 1 || layer == 0 || samples_index == 3 || rate_index == 15) return std::nullopt;
  Frame frame;
  frame.layer = layer == 3 ? Layer::kI : layer == 2 ? Layer::kII : Layer::kIII;
  const bool version1 = version == 3;
  const bool mono = head[3] >> 6U == 3;
  frame.samples = version1 ? 1'152 : 576;
  // Version 2 halves the rates of version 1, and version 2.5 halves them again.
  frame.samples_per_second = kSampleRates[samples_index] / (version1 ? 1 : version == 2 ? 2 : 4);
  frame.summary_at = kHeadBytes + (version1 ? (mono ? 17 : 32) : (mono ? 9 : 17));
  if (frame.layer != Layer::kIII) return frame;
  const int rate = (version1 ? kRatesOfVersion1 : kRatesOfVersion2)[rate_index];
  if (rate == 0) return std::nullopt;
  const int padding = static_cast<int>(head[2] >> 1U & 1U);
  frame.bytes = frame.samples / 8 * rate * 1'000 / frame.samples_per_second + padding;
  return frame;
}

// Where the tag ID3 at the beginning ends.
std::int64_t SkipTag(Window& window) {
  const View head = window.At(0, 10);
  if (head.size() < 10 || !Begins(head, "ID3")) return 0;
  std::int64_t bytes = 0;
  for (std::size_t i = 6; i < 10; ++i) bytes = bytes << 7U | (head[i] & 0x7FU);
  const bool has_footer = (head[5] & 0x10U) != 0;
  return 10 + bytes + (has_footer ? 10 : 0);
}

// True if another frame of the same kind follows, or nothing does. Any two bytes may look like the
// begin of a frame.
bool IsFollowed(Window& window, std::int64_t at, const Frame& frame, std::int64_t size) {
  if (at + frame.bytes >= size) return true;
  const View head = window.At(at + frame.bytes, kHeadBytes);
  const std::optional<Frame> next = ReadFrame(head);
  return (next && next->layer == frame.layer &&
          next->samples_per_second == frame.samples_per_second) ||
         Begins(head, "TAG");
}

struct Found {
  std::int64_t at = 0;
  Frame frame;
};

std::optional<Found> FindFirstFrame(Window& window, std::int64_t from, std::int64_t size) {
  const std::int64_t end = std::min(size, from + kSearchBytes);
  for (std::int64_t at = from; at < end; ++at) {
    const std::optional<Frame> frame = ReadFrame(window.At(at, kHeadBytes));
    if (!frame) continue;
    // The length of other layers is not read, so only the very first bytes count for them.
    const bool other = frame->layer != Layer::kIII && at == from;
    if (other || (frame->layer == Layer::kIII && IsFollowed(window, at, *frame, size))) {
      return Found{at, *frame};
    }
  }
  return std::nullopt;
}

// The number of frames that the file says it has, beside the one with this summary. Absent means
// that the first frame is no summary, but sound.
std::optional<std::int64_t> ReadSummary(Window& window, const Found& first) {
  const View frame = window.At(first.at, static_cast<std::size_t>(first.frame.bytes));
  if (frame.size() < first.frame.summary_at + 12) return std::nullopt;
  const View summary = frame.substr(first.frame.summary_at);
  if (!Begins(summary, "Xing") && !Begins(summary, "Info")) return std::nullopt;
  const bool has_count = (BigEndian32(summary, 4) & 1U) != 0;
  return has_count ? BigEndian32(summary, 8) : 0;
}

// True for what programs write behind the sound.
bool IsTag(View bytes) {
  return Begins(bytes, "TAG") || Begins(bytes, "APETAGEX") || Begins(bytes, "LYRICS");
}

absl::Status CutShort(base::Duration heard) {
  return absl::InvalidArgumentError(
      absl::StrFormat("is cut short: it ends in the middle, after %.1f s; copy or export it anew",
                      std::chrono::duration<double>(heard).count()));
}

}  // namespace

absl::StatusOr<base::Duration> MeasureMp3(const InputFile& file) {
  Window window(file);
  const std::int64_t tag_end = SkipTag(window);
  if (tag_end >= file.size() && tag_end > 0) return CutShort(base::Duration(0));
  const std::optional<Found> first = FindFirstFrame(window, tag_end, file.size());
  if (!first) {
    if (tag_end == 0) return absl::NotFoundError("no frame was found");
    return absl::InvalidArgumentError(
        "has the tag of an MP3 file, and no sound behind it; export it anew");
  }
  if (first->frame.layer != Layer::kIII) {
    return absl::InvalidArgumentError(
        "is MPEG audio of layer I or II, and the provider plays MP3 (layer III); convert it, for "
        "example: ffmpeg -i IN OUT.mp3");
  }
  const std::optional<std::int64_t> announced = ReadSummary(window, *first);
  std::int64_t at = first->at + (announced ? first->frame.bytes : 0);
  std::int64_t frames = 0;
  double seconds = 0;
  bool cut = false;
  while (const std::optional<Frame> frame = ReadFrame(window.At(at, kHeadBytes))) {
    if (frame->layer != Layer::kIII) break;
    cut = at + frame->bytes > file.size();
    if (cut) break;
    ++frames;
    seconds += static_cast<double>(frame->samples) / frame->samples_per_second;
    at += frame->bytes;
  }
  const base::Duration heard(std::llround(seconds * 1e9));
  if (!cut && file.size() - at > kSearchBytes && !IsTag(window.At(at, 8))) {
    return absl::InvalidArgumentError(
        absl::StrFormat("is damaged: %d bytes after %.1f s are no sound; copy or export it anew",
                        file.size() - at, std::chrono::duration<double>(heard).count()));
  }
  // Some programs count the frame of the summary as well.
  if (cut || (announced && frames + 1 < *announced)) return CutShort(heard);
  if (frames == 0) return absl::InvalidArgumentError("holds no sound; record or export it anew");
  return heard;
}

}  // namespace callbridge::admin
