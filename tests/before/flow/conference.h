// The session's conference: created once, recognised by its name when nobody knows whether it was,
// and hung up whatever else happens.
#pragma once

#include <string>

#include "tests/before/flow/turn.h"

namespace callbridge::flow_before {

// "<service_id>/<session>".
std::string ConferenceName(const Session& session);
// The end that the provider sets to calls and the conference: the plan's, and time to reach the
// callee before.
Duration ProviderMaxDuration(const Session& session);
bool IsConferenceKnown(const Session& session);

// It was created again, and the first one may still show.
bool MayBeTwo(const Session& session);
void CreateConference(Turn& turn);
void OnCreateConferenceResult(Turn& turn, OpenCommand& open, const CommandResult& result);
// An event or a look shows a conference of our name.
void AdoptConference(Turn& turn, const ConferenceFacts& facts);
// Results of a look by name that was asked then; an empty message if it failed.
void OnConferenceLookedFor(Turn& turn, Time asked, const CommandResult& result);
// The participants of our conference, by an event's or a look's word.
void AbsorbParticipants(Turn& turn, const ConferenceFacts& facts);
// It is over, whoever asked for it.
void OnConferenceFinished(Turn& turn);

}  // namespace callbridge::flow_before
