// What the provider tells of sounds and keys in the game of the flow.
#pragma once

#include <cstdint>
#include <string>

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/session.pb.h"
#include "tests/fuzz/byte_reader.h"

namespace callbridge::fuzz {

// Four keys end the capture that the command of this number began.
internal::v1::Input DigitsCaptured(const std::string& call_id, std::int32_t media);

// A finished or failed sound or capture: the present one, an earlier one, or none of ours.
internal::v1::Input MakeSoundEvent(ByteReader& bytes, const internal::v1::Session& session);

}  // namespace callbridge::fuzz
