// Captures of keys. What a capture brings follows from the keys that the person's script presses.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/simulator/sounds.h"
#include "tests/simulator/world.h"

namespace callbridge::simulator {

// What a request to capture says: DtmfCaptureRequest of the provider's specification.
struct CaptureRequest {
  std::size_t length_max = 1;
  base::Duration first_timeout{};
  base::Duration digit_timeout{};
  // Empty: none.
  std::string terminator;
  std::optional<Sound> sound;
};

// Begins a capture, in place of an earlier one. Whether its sound starts is as StartSound says.
SoundAccepted StartCapture(World& world, Call& call, const CaptureRequest& request);
// Reports the capture, which must be there, and what is played with it ends.
void EndCapture(World& world, Call& call, std::string_view digits, bool timed_out);
// By a timer; absorbs one whose capture is over.
void OnCaptureEnds(World& world, Call& call, std::uint64_t capture);

}  // namespace callbridge::simulator
