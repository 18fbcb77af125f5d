#include "server/admin/audio_uses.h"

#include <absl/strings/str_join.h>

#include <algorithm>

namespace callbridge::admin {
namespace {

void Note(const std::string& path, std::vector<std::string>& paths) {
  if (std::ranges::find(paths, path) == paths.end()) paths.push_back(path);
}

void Note(const callbridge::v1::Audio& audio, const config::v1::Settings& settings,
          const std::string& path, AudioUses& uses) {
  if (audio.has_file_id()) Note(path, uses.files[audio.file_id()]);
  if (audio.has_url()) Note(path, uses.urls[audio.url()]);
  // A plan of a route keeps the name until its bridge begins.
  const auto named = settings.audio_files().find(audio.file_name());
  if (audio.has_file_name() && named != settings.audio_files().end()) {
    Note(path, uses.files[named->second.file_id()]);
  }
}

void Note(const callbridge::v1::Plan& plan, const config::v1::Settings& settings,
          const std::string& path, AudioUses& uses) {
  Note(plan.greeting().audio(), settings, path + ".greeting", uses);
  Note(plan.announcement().audio(), settings, path + ".announcement", uses);
  Note(plan.apology().audio(), settings, path + ".apology", uses);
  Note(plan.music().audio(), settings, path + ".music", uses);
}

// Maps have no order of their own.
template <typename Map>
std::vector<std::string> Keys(const Map& map) {
  std::vector<std::string> keys;
  for (const auto& [key, unused] : map) keys.push_back(key);
  std::ranges::sort(keys);
  return keys;
}

}  // namespace

std::string AudioUses::PathsOf(const std::string& file_id) const {
  const auto found = files.find(file_id);
  return found == files.end() ? "" : absl::StrJoin(found->second, ", ");
}

AudioUses FindAudioUses(const config::v1::Settings& settings) {
  AudioUses uses;
  for (const std::string& name : Keys(settings.audio_files())) {
    Note("audio_files." + name, uses.files[settings.audio_files().at(name).file_id()]);
  }
  for (const std::string& name : Keys(settings.plans())) {
    Note(settings.plans().at(name), settings, "plans." + name, uses);
  }
  for (const auto& route : settings.routes()) {
    Note(route.plan(), settings, "routes." + route.name() + ".plan", uses);
  }
  return uses;
}

}  // namespace callbridge::admin
