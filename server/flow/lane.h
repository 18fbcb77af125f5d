// The media lane: what a leg hears, one sound at a time. Sounds never overlap. A stop, then
// the end of the stopped sound or a short deadline, comes before the next sound. The next sound
// also waits until the stop is answered, so that no stop can end a later sound. A prompt that
// failed, was refused or is unknown never fails a bridge. What clients asked for waits in the lane
// until requested_sounds.h lets it begin.
#pragma once

#include <optional>

#include "server/flow/orders.h"

namespace callbridge::flow {

// Starts a prompt; a silent prompt is over at once. The lane must be quiet.
void StartPrompt(Orders& orders, const Leg& leg, v1::PromptKind kind);
// Starts the notice before recording, with the capture of its refusing key if it has one. The lane
// must be quiet.
void StartNotice(Orders& orders, const Leg& leg);
// Starts the music, if the plan has any and it was not begun too often. While something waits that
// a client asked for, the music is owed. The lane must be quiet.
void StartMusic(Orders& orders, const Leg& leg);
// Starts the first of what clients asked for and waits. The lane must be quiet.
void StartRequested(Orders& orders, const Leg& leg);
// Ends the present sound. The lane is quiet at once, or after the sound's end or its deadline. A
// sound that a client asked for, and that has not left, waits again.
void StopSound(Orders& orders, const Leg& leg);
// Drops what clients asked for and waits, and ends such a sound that is heard.
void StopRequested(Orders& orders, const Leg& leg);
// Forgets what clients asked for without telling the provider, because the leg is gone or is being
// hung up. The clients are told.
void ForgetRequested(Orders& orders, const Leg& leg);
// Forgets the sounds of all lanes without telling the provider, because the calls are being hung
// up.
void AbandonLanes(Orders& orders);

// What sound_results.h needs.

// How the head ended.
struct HeadEnd {
  v1::PromptFinished::Completion completion = v1::PromptFinished::COMPLETION_FAILED;
  // How long the provider says that the sound was heard.
  std::optional<Duration> played = std::nullopt;
  // The sound ended by itself.
  bool ran_out = false;
  // For a capture: what it brought.
  const ProviderEvent::Captured* captured = nullptr;
  // No event told the end. It may still come.
  bool untold = false;
};

// What becomes of a sound that a client asked for and that is stopped before it has left.
enum class Unsent { kWaits, kFails };

// Returns how long to wait for the end of the head, from when it is sent. Music has no deadline.
Duration DeadlineOfHead(Orders& orders, const Lane& lane);
void IssueHead(Orders& orders, const Leg& leg);
// Holds the head until an earlier stop or play is answered, but not for long after a stop. Requests
// leave on connections of their own, so a late stop could end the new sound.
void HoldHead(Orders& orders, const Leg& leg);
// Issues a head that is held, if no earlier stop or play is unanswered any more.
void IssueHeldHead(Orders& orders, const Leg& leg);
// Takes the head away and tells its end.
void EndHead(Orders& orders, const Leg& leg, const HeadEnd& end);
// Begins to end the head. Does nothing if that has begun.
void StopHead(Orders& orders, const Leg& leg, Unsent unsent);
// Sends one more stop of the head.
void SendStop(Orders& orders, const Leg& leg);

}  // namespace callbridge::flow
