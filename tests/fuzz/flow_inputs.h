// Inputs for a session that the fuzzer plays with: answers to its commands and events of its calls,
// as the provider might tell them in the best case, and turned by the fuzzer's bytes into every
// other case. Ids, numbers and times fit the session; that they are true, or come in order, nobody
// says.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/session.pb.h"
#include "tests/fuzz/byte_reader.h"
#include "tests/fuzz/flow_ledger.h"

namespace callbridge::fuzz {

inline constexpr char kSessionId[] = "s_01KEZZZZZZZZZZZZZZZZZZ0001";
inline constexpr char kConferenceId[] = "conf-1";
inline constexpr char kIncomingCallId[] = "call-0";

// What begins a session: a call with a route, an offered one, one to be rejected, or a request;
// with prompts that are said, played or silent, with music or without.
internal::v1::Input MakeBeginning(ByteReader& bytes);
// A request for an offered call, or one that is too late.
internal::v1::Input MakeStartBridge(ByteReader& bytes);

// The positive answer to a command, with everything that it shows.
internal::v1::Input MakeAnswer(const internal::v1::Command& command);
// Any other answer to it.
internal::v1::Input MakeOtherAnswer(ByteReader& bytes, const internal::v1::Command& command);
// The events that follow when all goes well.
std::vector<internal::v1::Input> MakeConsequences(const internal::v1::Session& session,
                                                  const internal::v1::Command& command);
// An event about one of the session's calls, known or not yet known, or about its conference.
internal::v1::Input MakeEvent(ByteReader& bytes, const internal::v1::Session& session,
                              const FlowLedger& ledger);

}  // namespace callbridge::fuzz
