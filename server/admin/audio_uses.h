// Where the settings use sounds: which plans play which file or URL. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"

namespace callbridge::admin {

struct AudioUses {
  // The paths in the settings that mean an uploaded file, by its id: "audio_files.hold-music",
  // "plans.default.music".
  std::map<std::string, std::vector<std::string>> files;
  // The same by URL.
  std::map<std::string, std::vector<std::string>> urls;

  // The paths of a file in words, or empty.
  std::string PathsOf(const std::string& file_id) const;
};

// settings: effective settings, in which plans hold ids instead of names.
AudioUses FindAudioUses(const config::v1::Settings& settings);

}  // namespace callbridge::admin
