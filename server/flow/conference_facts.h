// What is known of the session's conference. It is recognised by its name when it is unknown
// whether it was created.
#pragma once

#include <string>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// Returns "<service_id>/<session>".
std::string ConferenceName(const Session& session);
// The maximum duration that the provider is given for calls and the conference: the plan's, and the
// time to reach the callee before.
Duration ProviderMaxDuration(const Session& session);
bool IsConferenceKnown(const Session& session);
// True if the conference was created again, and the first one may still show.
bool MayBeTwo(const Session& session);
// True while the outcome is not decided.
bool IsActive(const Session& session);

// True if the facts show this call in the conference.
bool IsShownJoined(const ConferenceFacts& facts, const std::string& call_id);

// Records a conference of the session's name that an event or a look shows.
void AdoptConference(Knowledge& known, const ConferenceFacts& facts);
// Records the participants of the session's conference that an event or a look shows.
void AbsorbParticipants(Knowledge& known, const ConferenceFacts& facts);
// Records that the session's conference is over, whether or not the flow has ended it.
void NoteConferenceFinished(Knowledge& known);
// Records that this conference, the session's or another of its name, is proved to be over after
// its hangup.
void NoteConferenceOver(Knowledge& known, const std::string& conference_id);

}  // namespace callbridge::flow
