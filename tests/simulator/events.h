// Reports what happened: writes the event of docs/provider.md §4 and hands it to the outbox. Each
// function reports the present state of what it is given, so it is called after the change.
#pragma once

#include <string>
#include <string_view>

#include "tests/simulator/world.h"

namespace callbridge::simulator {

// CALL_RECEIVED, CALL_STARTED, CALL_RINGING, CALL_PRE_ESTABLISHED, CALL_ESTABLISHED,
// CALL_DISCONNECTED, CALL_RECONNECTED.
void ReportCall(World& world, const Call& call, std::string_view type);
// CALL_FINISHED, CALL_FAILED.
void ReportCallLog(World& world, const Call& call, std::string_view type);
// CONFERENCE_CREATED, CONFERENCE_FINISHED.
void ReportConference(World& world, const Conference& conference, std::string_view type);
// PARTICIPANT_JOINING, _JOINED, _ROLE_CHANGED (no reason), _JOIN_FAILED, _REMOVED.
void ReportParticipant(World& world, const Conference& conference, const Participant& participant,
                       std::string_view type, std::string_view reason = "");
// PARTICIPANT_MEDIA_CHANGED.
void ReportMedia(World& world, const Conference& conference, const Call& call);
// SAY_FINISHED, PLAY_FINISHED. Of a call, of a conference, or of a conference for one call.
void ReportSound(World& world, const Call* call, const Conference* conference, const Sound& sound,
                 base::Duration heard, bool completely);
void ReportMachineDetection(World& world, const Call& call);
// DTMF_CAPTURED. digits: what was pressed, which no capture asked for if there is none.
void ReportDigits(World& world, const Call& call, const Capture* capture, std::string_view digits,
                  bool timed_out);
// ERROR about a say, a play, keys or a capture.
void ReportError(World& world, const Call* call, const Conference* conference,
                 std::string_view action, std::string_view error, std::string_view details);

}  // namespace callbridge::simulator
