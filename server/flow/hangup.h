// Hangups: issued once they are decided, and pursued until the end of what they hang up is proved.
// Doubling pauses, no limit but the maxDuration that the provider was given.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

// Hangs the leg up by its call's id; a call that nobody has shown yet is hung up as soon as
// something shows it.
void HangUpLeg(Orders& orders, Leg& leg);
// The same for an incoming call that was never answered. Once only: an answer may have overtaken
// it, and it is hung up from then on.
void RejectLeg(Orders& orders, Leg& leg);
// Hangs up others of the conference's name, and with the outcome the session's own.
void HangUpConference(Orders& orders);
// Hangs up unwanted legs whose call is known by now; once the outcome is decided, every leg is
// unwanted.
void HangUpUnwanted(Orders& orders);

// The pause after so many attempts. Every pursuit keeps to it: doubling, up to a limit.
Duration Backoff(const internal::v1::Timing& timing, int attempts);

void OnHangUpResult(Orders& orders, const Command& command, const CommandResult& result);
void OnHangUpTimer(Orders& orders, std::string_view leg_id);

}  // namespace callbridge::flow
