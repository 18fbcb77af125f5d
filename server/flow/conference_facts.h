// What is known of the session's conference. It is recognised by its name when nobody knows whether
// it was created.
#pragma once

#include <string>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// "<service_id>/<session>".
std::string ConferenceName(const Session& session);
// The end that the provider sets to calls and the conference: the plan's, and time to reach the
// callee before.
Duration ProviderMaxDuration(const Session& session);
bool IsConferenceKnown(const Session& session);
// It was created again, and the first one may still show.
bool MayBeTwo(const Session& session);
// The outcome is not decided yet.
bool IsActive(const Session& session);

// The facts show this call in the conference.
bool IsShownJoined(const ConferenceFacts& facts, const std::string& call_id);

// An event or a look shows a conference of the session's name.
void AdoptConference(Knowledge& known, const ConferenceFacts& facts);
// The participants of the session's conference, by an event's or a look's word.
void AbsorbParticipants(Knowledge& known, const ConferenceFacts& facts);
// The session's conference is over, whoever asked for it.
void NoteConferenceFinished(Knowledge& known);
// This one, the session's or another of its name, is proved to be over, as was asked.
void NoteConferenceOver(Knowledge& known, const std::string& conference_id);

}  // namespace callbridge::flow
