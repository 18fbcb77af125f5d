// Tells which files an account has, and which of them the settings use: as text for a person, or as
// one JSON object for a script. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "server/admin/audio_uses.h"
#include "server/admin/uploaded_files.h"
#include "server/base/time.h"

namespace callbridge::admin {

// Sibling products of the provider take files up to this size (docs/provider.md §3.4).
inline constexpr std::int64_t kFileBytesUsual = 4'000'000;

struct AudioList {
  std::string account;
  std::vector<UploadedFile> files;
  AudioUses uses;
};

// "expires 2027-02-26 (in 90 days)" or "expired 2026-11-20 (8 days ago)", behind `before`. Empty if
// the provider did not say when.
std::string ExpiryText(const std::optional<base::Time>& expires, base::Time now,
                       std::string_view before = "");

void WriteText(const AudioList& list, base::Time now, std::ostream& out);
// {"account", "files": [{"id", "name", "format", "size_bytes", "duration_seconds", "created",
// "expires", "expired", "settings": […]}], "missing": [{"id", "settings": […]}]} in one line. What
// the provider did not tell is left out. settings: the paths in the settings that use the file.
void WriteJson(const AudioList& list, base::Time now, std::ostream& out);

}  // namespace callbridge::admin
