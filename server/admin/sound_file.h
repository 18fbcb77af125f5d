// What a sound file holds, by its own header: WAV or MP3, and how long it sounds. It refuses what
// the provider cannot play, before a byte leaves.
#pragma once

#include <absl/status/statusor.h>

#include <string>

#include "server/admin/input_file.h"
#include "server/base/time.h"

namespace callbridge::admin {

enum class SoundFormat { kWav, kMp3 };
// "WAV" or "MP3", as the provider names them.
const char* NameOf(SoundFormat format);
// Like "audio/wav".
const char* ContentTypeOf(SoundFormat format);

struct SoundFacts {
  SoundFormat format = SoundFormat::kWav;
  base::Duration duration{};
};

// INVALID_ARGUMENT says what is wrong with the file, and what to do: it is empty, cut short,
// damaged, or neither WAV nor MP3. The message does not name the file.
absl::StatusOr<SoundFacts> InspectSound(const InputFile& file);

}  // namespace callbridge::admin
