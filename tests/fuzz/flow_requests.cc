#include "tests/fuzz/flow_requests.h"

#include <absl/strings/str_cat.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace callbridge::fuzz {
namespace {

using internal::v1::Input;
using internal::v1::Session;

std::string ChooseLeg(std::uint8_t choice, const Session& session) {
  const auto legs = static_cast<std::size_t>(session.legs_size());
  if (choice % 16 == 15 || legs == 0) return "callee-9";
  return session.legs(static_cast<int>(choice % legs)).leg_id();
}

void AddPrompt(std::uint8_t choice, internal::v1::RequestedSound& sound) {
  if (choice % 2 == 0) {
    sound.mutable_prompt()->set_text("One moment.");
  } else {
    sound.mutable_prompt()->mutable_audio()->set_file_id("chime");
    sound.mutable_prompt()->mutable_audio()->mutable_duration()->set_seconds(2);
  }
}

// request_id: unique within the session, because the API hands on no repetition.
Input MakeSoundRequest(ByteReader& bytes, const Session& session, const std::string& request_id) {
  Input input;
  const std::uint8_t choice = bytes.Byte();
  const std::string leg_id = ChooseLeg(choice, session);
  switch (choice / 16 % 8) {
    case 0:
      if (choice % 2 == 0) input.mutable_stop_sounds()->set_leg_id(leg_id);
      input.mutable_stop_sounds()->set_request_id(request_id);
      return input;
    case 1:
      input.mutable_request_digits()->set_leg_id(leg_id);
      input.mutable_request_digits()->set_request_id(request_id);
      input.mutable_request_digits()->set_digits("12#");
      return input;
    case 2: {
      internal::v1::RequestedSound& sound = *input.mutable_request_sound()->mutable_sound();
      sound.mutable_capture()->set_max_length(4);
      sound.mutable_capture()->mutable_first_digit_timeout()->set_seconds(5);
      sound.mutable_capture()->mutable_digit_timeout()->set_seconds(2);
      if (choice % 3 != 0) AddPrompt(choice, sound);
      break;
    }
    default:
      AddPrompt(choice, *input.mutable_request_sound()->mutable_sound());
      break;
  }
  input.mutable_request_sound()->mutable_sound()->set_request_id(request_id);
  if (choice / 128 == 0) input.mutable_request_sound()->add_leg_ids(leg_id);
  return input;
}

}  // namespace

Input MakeLegRequest(ByteReader& bytes, const Session& session) {
  const std::uint8_t wish = bytes.Byte();
  if (wish % 2 == 1) return MakeSoundRequest(bytes, session, absl::StrCat("r-", session.inputs()));
  Input input;
  internal::v1::UpdateLeg& update = *input.mutable_update_leg();
  update.set_leg_id(ChooseLeg(wish / 2, session));
  if (wish / 16 % 4 != 0) update.set_muted(wish / 64 % 2 == 0);
  if (wish / 16 % 4 != 1) update.set_deafened(wish / 128 == 0);
  return input;
}

}  // namespace callbridge::fuzz
