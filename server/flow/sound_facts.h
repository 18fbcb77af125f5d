// What people hear and which keys they press, as the provider tells. leg: the leg that hears the
// sound.
#pragma once

#include <optional>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// Returns what the leg hears. A leg that never heard a sound has an empty lane.
const Lane& LaneOf(const Session& session, const Leg& leg);
bool HasLane(const Session& session, const Leg& leg);
// True if no sound is heard and none is about to begin.
bool IsQuiet(const Session& session, const Leg& leg);

// True if the head is the notice before recording.
bool IsNotice(const Lane& lane);
// Returns the prompt of a lane whose head is one.
const v1::Prompt& PromptOfHead(const Session& session, const Lane& lane);
// Tells the end of a sound or capture that a client asked for. played: if the provider said it.
// captured: what a capture brought; null means nothing that may be told.
void TellRequestedEnd(Knowledge& known, const Leg& leg, const internal::v1::RequestedSound& sound,
                      v1::PromptFinished::Completion completion, std::optional<Duration> played,
                      const ProviderEvent::Captured* captured);

// True if the DTMF_CAPTURED tells the end of what the leg hears.
bool TellsCaptureOfHead(const Session& session, const Leg& leg, const ProviderEvent& event);

// Tells, once, that the head of the lane is heard, or counts as heard.
void TellSoundStart(Knowledge& known, const Leg& leg);

// Records SAY_FINISHED and PLAY_FINISHED.
void NoteSoundFinished(Knowledge& known, const Leg& leg, const ProviderEvent& event);
// Records DTMF_CAPTURED.
void NoteDigitsCaptured(Knowledge& known, const Leg& leg, const ProviderEvent& event);
// Records an ERROR about a say, a play or a capture.
void NoteSoundError(Knowledge& known, const Leg& leg, const ProviderEvent& event);

}  // namespace callbridge::flow
