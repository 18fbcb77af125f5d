// Hangups. A hangup is issued when it is decided, and repeated until the end of its call or
// conference is proved. The pauses double. The only limit is the maxDuration that the provider was
// given.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

// Hangs the leg up by its call's id. A call that is not known yet is hung up as soon as an event or
// a look shows it.
void HangUpLeg(Orders& orders, Leg& leg);
// Rejects an incoming call that was never answered. It is rejected only once, because an answer may
// have overtaken the rejection; from then on it is hung up.
void RejectLeg(Orders& orders, Leg& leg);
// Hangs up other conferences of the session's name and, once the outcome is decided, the session's
// own.
void HangUpConference(Orders& orders);
// Hangs up unwanted legs whose call is known. Once the outcome is decided, every leg is unwanted.
void HangUpUnwanted(Orders& orders);

// Returns the pause after this number of attempts. Every pursuit uses it: it doubles, up to a
// limit.
Duration Backoff(const internal::v1::Timing& timing, int attempts);

void OnHangUpResult(Orders& orders, const Command& command, const CommandResult& result);
void OnHangUpTimer(Orders& orders, std::string_view leg_id);

}  // namespace callbridge::flow
