// Whether the others hear a person, and whether the person hears them: as clients want it, and as
// the provider tells it.
#pragma once

#include <optional>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// Records what clients want for the leg; absent: as it is. Returns false if that changes nothing.
bool WantAudio(Leg& leg, std::optional<bool> muted, std::optional<bool> deafened);

// True if the provider has confirmed what clients want.
bool IsAudioAsWanted(const Leg& leg);

// Records what an event or a look says of a leg. Returns false if it says nothing new, or if the
// leg is not in the conference.
bool NoteAudio(Knowledge& known, Leg& leg, const internal::v1::AudioFacts& facts);

}  // namespace callbridge::flow
