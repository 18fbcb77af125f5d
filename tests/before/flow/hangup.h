// Hangups: issued once they are decided, and pursued until the end of what they hang up is proved.
// Doubling pauses, no limit but the maxDuration that the provider was given.
#pragma once

#include "tests/before/flow/turn.h"

namespace callbridge::flow_before {

// Hangs the leg up by its call's id; a call that nobody has shown yet is hung up as soon as
// something shows it.
void HangUpLeg(Turn& turn, Leg& leg);
// The same for an incoming call that was never answered. Once only: an answer may have overtaken
// it, and it is hung up from then on.
void RejectLeg(Turn& turn, Leg& leg);
// Hangs up others of the conference's name, and with the outcome the session's own.
void HangUpConference(Turn& turn);
// Hangs up unwanted legs whose call is known by now; once the outcome is decided, every leg is
// unwanted.
void HangUpUnwanted(Turn& turn);

// The conference, ours or another of our name, is proved to be over.
void NoteConferenceOver(Turn& turn, const std::string& conference_id);

// The pause after so many attempts. Every pursuit keeps to it: doubling, up to a limit.
Duration Backoff(const before::v1::Timing& timing, int attempts);

void OnHangUpResult(Turn& turn, const Command& command, const CommandResult& result);
void OnHangUpTimer(Turn& turn, std::string_view leg_id);

}  // namespace callbridge::flow_before
