#include "tests/fuzz/flow_sounds.h"

#include <absl/strings/str_cat.h>

#include <cstddef>

#include "tests/fuzz/flow_notices.h"
#include "tests/fuzz/flow_recordings.h"

namespace callbridge::fuzz {

using internal::v1::Input;
using internal::v1::ProviderEvent;
using internal::v1::Session;

Input DigitsCaptured(const std::string& call_id, std::int32_t media) {
  Input input;
  ProviderEvent& event = *input.mutable_provider_event();
  event.set_type(ProviderEvent::TYPE_DTMF_CAPTURED);
  event.set_call_id(call_id);
  ProviderEvent::Captured& captured = *event.mutable_captured();
  captured.set_digit_count(4);
  AddTag(*captured.mutable_custom_data(), "media", absl::StrCat(media));
  return input;
}

Input MakeSoundEvent(ByteReader& bytes, const Session& session) {
  const std::uint8_t kind = bytes.Byte();
  Input input;
  ProviderEvent& event = *input.mutable_provider_event();
  event.set_type(kind % 2 == 0 ? ProviderEvent::TYPE_SAY_FINISHED
                               : ProviderEvent::TYPE_PLAY_FINISHED);
  if (session.legs_size() > 0) event.set_call_id(session.legs(0).call_id());
  if (kind / 2 % 8 == 6) {
    const std::int32_t head = session.lanes_size() > 0 ? session.lanes(0).command() : 0;
    Input captured = DigitsCaptured(event.call_id(), kind / 16 % 2 == 0 ? head : bytes.Byte());
    if (kind / 32 % 2 == 1) {
      AddRefusal(bytes.Byte(), *captured.mutable_provider_event()->mutable_captured());
    }
    return captured;
  }
  if (kind / 2 % 8 == 7) {
    event.set_type(ProviderEvent::TYPE_ERROR);
    event.set_action_type(kind % 2 == 0 ? "SAY" : "PLAY");
    event.mutable_error()->set_name("SOUND_FAILED");
    return input;
  }
  event.mutable_playback()->set_completed(kind / 16 % 2 == 0);
  if (kind / 32 % 2 == 1) {
    event.mutable_playback()->mutable_duration()->set_seconds(static_cast<int>(bytes.Below(60)));
  }
  if (kind / 64 == 1) {
    const std::int32_t head = session.lanes_size() > 0 ? session.lanes(0).command() : 0;
    AddTag(*event.mutable_playback()->mutable_custom_data(), "media", absl::StrCat(head));
  } else if (kind / 64 == 2) {
    AddTag(*event.mutable_playback()->mutable_custom_data(), "media", absl::StrCat(bytes.Byte()));
  }
  return input;
}

}  // namespace callbridge::fuzz
