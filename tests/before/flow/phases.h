// The phases: what each does on entry, what it waits for, and where it goes. Inputs change what is
// known (legs, conference, lane); Advance then asks the phase whether what is known is enough to go
// on. So it matters what was learned, not in which order.
#pragma once

#include "tests/before/flow/turn.h"

namespace callbridge::flow_before {

// Follows the rules of the phase, through as many phases as they lead.
void Advance(Turn& turn);

// The caller's part (caller_phases.cc).
void EnterOffered(Turn& turn);
void OnSendRingingResult(Turn& turn, const CommandResult& result);
void EnterAnsweringCaller(Turn& turn);
void EnterDialingCaller(Turn& turn);
void AdvanceAnsweringCaller(Turn& turn);
void AdvanceDialingCaller(Turn& turn);
void OnAnswerResult(Turn& turn, OpenCommand& open, const CommandResult& result);
// A look showed this of the call.
void OnCallLookedAt(Turn& turn, Leg& leg, const CallFacts& facts);
// Answer or conference were refused for good.
void OnPreparationRefused(Turn& turn, const CommandResult& result);
// The provider took our word that the call is answered; its event may be still to come.
bool IsAnswerAccepted(const Session& session);
// True: the caller may not be dialled any more, because start_before_time has passed.
bool IsTooLateToStart(Turn& turn);
// The caller was not dialled, and will not be.
void EndNotInTime(Turn& turn);
// The bridge cannot be made: the caller is told so if it can be, and the outcome is FAILED.
void FailPreparation(Turn& turn, v1::EndReason reason, const v1::ProviderError* error);
void OnLookAgainTimer(Turn& turn, std::string_view subject);
void OnOfferTimer(Turn& turn);

// The caller's way into the conference (joining.cc).
void EnterJoiningCaller(Turn& turn);
void AdvanceJoiningCaller(Turn& turn);
void OnAddCallerResult(Turn& turn, OpenCommand& open, const CommandResult& result);
// PARTICIPANT_JOIN_FAILED of an incoming caller.
void OnCallerNotJoined(Turn& turn);
// A look at the conference that was asked then showed this; null: it failed.
void OnJoinLookedFor(Turn& turn, Time asked, const ConferenceFacts* facts);
void OnJoinRetryTimer(Turn& turn);

// The callee's part (callee_phases.cc).
void EnterGreeting(Turn& turn);
void AdvanceGreeting(Turn& turn);
void AdvanceDialingCallee(Turn& turn);
void AdvanceStoppingMusic(Turn& turn);
void AdvanceAnnouncing(Turn& turn);
void AdvanceConnected(Turn& turn);
void AdvanceApologizing(Turn& turn);
// The apology is on its way: from now on a callee that joins, or shows itself for the first time,
// is too late.
void OnApologyTaken(Turn& turn);
void Apologize(Turn& turn, v1::EndReason reason, v1::Party ended_by,
               const v1::ProviderError* error);
// Whether a dial that certainly did nothing is to be tried again.
bool WantsDial(const Session& session, const Leg& leg);
// A dial of unknown fate was looked for in vain.
void OnDialLost(Turn& turn, Leg& leg);
void OnRingVerdictTimer(Turn& turn, Leg& leg);
void OnDialQueueTimer(Turn& turn);
void OnMaxDurationTimer(Turn& turn);
// PartiesConnected: from this moment on they could talk.
void TellConnected(Turn& turn, Time when);

// Deadlines of whichever phase it is.
void OnPhaseLookTimer(Turn& turn);
void OnPhaseVerdictTimer(Turn& turn);
void OnConferenceGoneTimer(Turn& turn);

// Timers that belong to a phase end with it.
void LeavePhase(Turn& turn);
void SetPhaseDeadlines(Turn& turn, const google::protobuf::Duration& look,
                       const google::protobuf::Duration& verdict);
// Somebody answered and has not joined. If only a look told of the answer, the join's webhook may
// be lost as well: it is asked for at once.
void LookForTheJoin(Turn& turn);
// A leg did not join and its end, which says why, is to come: it is waited for, not for long.
void AwaitReason(Turn& turn);
void TellDeadline(Turn& turn, std::string_view waited_for, Duration after);

}  // namespace callbridge::flow_before
