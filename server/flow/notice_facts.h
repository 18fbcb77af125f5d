// What is known of the notice that people hear before they are recorded (decision 0053): on which
// legs it is still due, and what its end proves. Only the provider's word that it was heard to its
// end is a proof.
#pragma once

#include <optional>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// True if the session is to be recorded, now or by its plan, and people hear a notice before.
bool AsksForNotice(const Session& session);
bool IsNoticeProved(const Leg& leg);
// Returns the leg whose person has refused to be recorded. Null means that none has.
const Leg* WhoRefused(const Session& session);
// True if the notice is at the head of the leg's lane.
bool HearsNotice(const Session& session, const Leg& leg);
// True if the notice is to be said to the leg, for the first time or once more.
bool AwaitsNotice(const Session& session, const Leg& leg);
// True if the callee is to hear the notice before anything else, or hears it. A sound that a client
// asked for may hold the lane of a callee who has joined; then the notice follows while the two
// talk.
bool WaitsForNotice(const Session& session, const Leg& callee);
// True if the callee is not in the conference yet because of the notice, or hears it there.
bool IsKeptApart(const Session& session, const Leg& callee);
// True while the caller waits for the callee and hears music: the callee rings, or is kept apart.
bool CallerWaits(Knowledge& known);
// True if the notice was said to the leg as often as it may be for one wish, without a proof.
bool IsNoticeLost(const Session& session, const Leg& leg);
// True if no notice forbids to start a recording now. A call that is hung up as a second one counts
// as long as it is in the conference.
bool MayRecord(const Session& session);

// Returns the capture of the refusing key, whose prompt is the notice.
internal::v1::RequestedSound NoticeCapture(const Session& session);

// Records and tells how the notice has ended on the leg.
// completion: FULL means that the provider told that it was heard to its end.
// captured: what the capture of the refusing key brought; null if there was none.
void NoteNoticeEnd(Knowledge& known, const Leg& leg, v1::PromptFinished::Completion completion,
                   std::optional<Duration> played, const ProviderEvent::Captured* captured);
// True if the DTMF_CAPTURED tells that the leg has refused, and does not end the notice that is
// heard now: an earlier notice was given up before its end was told.
bool IsLateRefusal(const Session& session, const Leg& leg, const ProviderEvent& event);
// Records and tells such a refusal.
void NoteLateRefusal(Knowledge& known, const Leg& leg);
// Records and tells that nothing is recorded because of the leg's notice. A client may ask again.
void NoteNoticeFailure(Knowledge& known, const Leg& leg, v1::RecordingFailure failure);

}  // namespace callbridge::flow
