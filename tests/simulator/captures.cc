#include "tests/simulator/captures.h"

#include <absl/strings/str_format.h>

#include <chrono>
#include <utility>

#include "tests/simulator/events.h"

namespace callbridge::simulator {
namespace {

// When the person presses the first key, counted from the capture, and the time between two keys.
constexpr std::chrono::seconds kFirstKey{1};
constexpr std::chrono::milliseconds kBetweenKeys{500};

// What the person's keys make of the capture, with its length.
Capture Play(const World& world, const std::string& keys, const CaptureRequest& request) {
  Capture capture;
  base::Duration next = Scaled(world, kFirstKey);
  base::Duration patience = request.first_timeout;
  for (const char key : keys) {
    if (next > patience) break;
    capture.length += next;
    if (request.terminator.find(key) != std::string::npos) return capture;
    capture.digits += key;
    if (capture.digits.size() >= request.length_max) return capture;
    next = Scaled(world, kBetweenKeys);
    patience = request.digit_timeout;
  }
  capture.length += patience;
  capture.timed_out = true;
  return capture;
}

}  // namespace

SoundAccepted StartCapture(World& world, Call& call, const CaptureRequest& request) {
  // A capture without a sound is treated as one that hears something else too: no source tells what
  // the provider does with both.
  if (!request.sound && !call.sounds.empty()) ++world.journal.overlaps;
  if (call.capture) {
    if (!request.sound && !call.capture->stopped) ++world.journal.overlaps;
    call.capture->stopped = true;
  }
  std::uint64_t sound = 0;
  if (request.sound) {
    const SoundAccepted accepted = StartSound(world, call, *request.sound);
    if (accepted != SoundAccepted::kYes) return accepted;
    sound = call.sounds.back().number;
  }
  call.capture = Play(world, call.script.presses, request);
  call.capture->began = world.now;
  call.capture->sound = sound;
  call.capture->sound_length = request.sound ? request.sound->length : base::Duration::zero();
  call.capture->number = ++world.sounds_begun;
  Note(world, call.timeline, "keys are captured");
  SetTimer(world, call.capture->length, {Timer::Kind::kCaptureEnds, call.id, call.capture->number});
  return SoundAccepted::kYes;
}

void EndCapture(World& world, Call& call, std::string_view digits, bool timed_out) {
  const Capture capture = *std::exchange(call.capture, std::nullopt);
  Note(world, call.timeline,
       absl::StrFormat("capture ended with %d keys%s", digits.size(),
                       timed_out ? ", timed out" : ""));
  ReportDigits(world, call, &capture, digits, timed_out);
  const bool sounds = !call.sounds.empty() && call.sounds.front().of_capture;
  if (sounds) CutFrontSound(world, call);
}

void OnCaptureEnds(World& world, Call& call, std::uint64_t capture) {
  if (!call.capture || call.capture->number != capture) return;
  EndCapture(world, call, std::string(call.capture->digits), call.capture->timed_out);
}

}  // namespace callbridge::simulator
