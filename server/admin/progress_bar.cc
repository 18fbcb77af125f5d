#include "server/admin/progress_bar.h"

#include <absl/strings/str_format.h>

namespace callbridge::admin {
namespace {

constexpr int kBarWidth = 40;

}  // namespace

std::string BytesText(std::int64_t bytes) {
  constexpr std::int64_t kKilo = 1'000;
  constexpr std::int64_t kMega = 1'000'000;
  if (bytes >= kMega) return absl::StrFormat("%.1f MB", static_cast<double>(bytes) / kMega);
  if (bytes >= kKilo) return absl::StrFormat("%d kB", bytes / kKilo);
  return absl::StrFormat("%d bytes", bytes);
}

ProgressBar::~ProgressBar() {
  if (shown_percent_ >= 0) out_ << "\n" << std::flush;
}

void ProgressBar::Show(std::int64_t done) {
  const int percent = static_cast<int>(done * 100 / total_);
  if (!terminal_ || percent == shown_percent_) return;
  shown_percent_ = percent;
  const int full = percent * kBarWidth / 100;
  out_ << absl::StrFormat("\r[%s%s] %3d %% of %s", std::string(static_cast<std::size_t>(full), '#'),
                          std::string(static_cast<std::size_t>(kBarWidth - full), '.'), percent,
                          BytesText(total_))
       << std::flush;
}

}  // namespace callbridge::admin
