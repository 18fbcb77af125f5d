// Spoils what the provider says.
#pragma once

#include "callbridge/internal/v1/input.pb.h"
#include "tests/fuzz/byte_reader.h"

namespace callbridge::fuzz {

// Changes some fields of an event or a result at random.
void Spoil(ByteReader& bytes, internal::v1::Input& input);

}  // namespace callbridge::fuzz
