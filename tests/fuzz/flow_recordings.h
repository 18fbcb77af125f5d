// Recordings in the game of the flow: what clients ask, what the provider tells, and what always
// holds.
#pragma once

#include <string>

#include "callbridge/internal/v1/command.pb.h"
#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/session.pb.h"
#include "callbridge/v1/plan.pb.h"
#include "tests/fuzz/byte_reader.h"

namespace callbridge::fuzz {

void AddTag(google::protobuf::RepeatedPtrField<internal::v1::KeyValue>& tags,
            const std::string& key, const std::string& value);

v1::RecordingPlan MakeRecordingPlan(ByteReader& bytes);
internal::v1::Input MakeRequestRecording(ByteReader& bytes);
// The event that tells of a start or stop.
internal::v1::Input RecordingEvent(const internal::v1::Command& command);
// Any event about a recording of the session, or of none.
internal::v1::Input MakeRecordingEvent(ByteReader& bytes, const internal::v1::Session& session);
// What a look shows: nothing, files that are not ready, or a file.
void AddRecordingSeen(ByteReader& bytes, internal::v1::CommandResult& result);

// Ends the program if something does not hold.
void CheckRecordings(const internal::v1::Session& before,
                     const internal::v1::Transition& transition);

}  // namespace callbridge::fuzz
