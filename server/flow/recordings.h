// Starts and stops recordings. What clients and the plan want is a level: the flow asks the
// provider until an event confirms it, the provider refuses, or the session ends. A start that may
// have had its effect is never taken for none. After the end it looks for files of which no event
// has told.
#pragma once

#include <string>

#include "server/flow/orders.h"
#include "server/flow/recording_facts.h"

namespace callbridge::flow {

// Says what is to be recorded from now on. RECORDING_MODE_UNSPECIFIED means nothing.
void WantRecording(Orders& orders, v1::RecordingMode mode, bool beep);
// True if a recording that is on, or may be, is not as it is wanted.
bool IsRecordedOtherwise(const Session& session, v1::RecordingMode mode, bool beep);

// Issues what is missing, and takes back what is no longer wanted.
void SettleRecordings(Orders& orders);

void OnStartRecordingResult(Orders& orders, OpenCommand& open, const CommandResult& result);
void OnStopRecordingResult(Orders& orders, OpenCommand& open, const CommandResult& result);
// No event has confirmed the start or stop in time.
void OnRecordingTimer(Orders& orders, const std::string& recording_id);

// Plans the looks for files of which no event has told. The session ends now.
void SetRecordingLooks(Orders& orders);
void OnRecordingLookTimer(Orders& orders);
void OnRecordingLookResult(Orders& orders, const Command& command, const CommandResult& result);

}  // namespace callbridge::flow
