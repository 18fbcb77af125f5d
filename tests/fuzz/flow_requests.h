// What clients ask of the legs of the session that the fuzzer plays with.
#pragma once

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/session.pb.h"
#include "tests/fuzz/byte_reader.h"

namespace callbridge::fuzz {

// A client wants a leg, or one that is not there, muted or deafened, wants people to hear something
// or nothing more, or wants keys.
internal::v1::Input MakeLegRequest(ByteReader& bytes, const internal::v1::Session& session);

}  // namespace callbridge::fuzz
