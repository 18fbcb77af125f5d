// The legs of a session and what is known of them. A leg's state only rises, so the first of
// several proofs wins and the rest are absorbed; only a terminal state proves an end, and an
// absence proves it only when it was seen twice.
#pragma once

#include <optional>
#include <string_view>

#include "tests/before/flow/turn.h"

namespace callbridge::flow_before {

// The first leg. Every session with a phase has it.
Leg& Caller(Turn& turn);
Leg* FindLeg(Turn& turn, std::string_view leg_id);
Leg* LegOfCall(Turn& turn, std::string_view call_id);
Leg* LegOfDial(Turn& turn, std::int32_t dial);
// The callee's leg that counts: the one that KeepOneCallee keeps. Null: none was dialled, or none
// is left.
Leg* CurrentCallee(Turn& turn, const Leg* except = nullptr);
// The callee's leg that was dialled last, also when it is over; a call that is hung up as a second
// one only if there is no other. Null: none.
Leg* LastCallee(Turn& turn);

bool IsEnded(const Leg& leg);
// Over, or out of the conference: nothing more is to be expected of it.
bool IsGone(const Leg& leg);
bool IsAnswered(const Leg& leg);
bool IsJoined(const Leg& leg);
// The callee was in the conference through this call. A second call of the dial, which is hung up,
// does not count: the one that is kept says when the two talked and why they stopped.
bool WasIn(const Leg& leg);
// The callee's leg that was in the conference; of several, the one that is left. Null: none was.
const Leg* CalleeWhoWasIn(Turn& turn);
// Caller and callee were in the conference at once, whatever was heard there.
bool WereTogether(const Session& session);
v1::Party PartyOf(const Leg& leg);

Leg& AddLeg(Turn& turn, v1::Leg::Role role, const v1::Endpoint& endpoint);

// What an event or a look says of the call. Its end must be positive (state ENDED).
void AbsorbCall(Turn& turn, Leg& leg, const CallFacts& facts);
// A leg that has ended was in the conference before, and that is told only now.
void NoteWasIn(Leg& leg, const ParticipantFacts& facts);
// What an event or a look says of the call's place in our conference.
void AbsorbParticipant(Turn& turn, Leg& leg, const ParticipantFacts& facts);
// provider_time: when it happened by the provider's word, on our clock, if it said so (times.h).
void RaiseLeg(Turn& turn, Leg& leg, v1::Leg::State state, std::optional<Time> provider_time);
// When the call was answered, as far as the facts or the event at hand say.
std::optional<Time> AnswerTime(const Turn& turn, const CallFacts& facts);

// The four below are in leg_end.cc.
// The provider says that the call is over.
void EndByFacts(Turn& turn, Leg& leg, const CallFacts& facts);
// The leg is over for this reason. inferred: nothing positive said so.
void EndLeg(Turn& turn, Leg& leg, v1::EndReason reason, v1::Party ended_by,
            const v1::ProviderError* error, bool inferred);
// A complete look found nothing. The second time, absence later, proves the end.
void NoteAbsence(Turn& turn, Leg& leg);

// Gives the call to the leg that it belongs to: by its id, by its customData, or as the unknown
// outgoing call in our conference that only one dial can have made. Null: it is none of ours.
Leg* AdoptCall(Turn& turn, const CallFacts& facts, std::string_view conference_id);
// A call of a dial that has another call already, or was taken for one without: kept as a leg of
// its own. The caller's is hung up; of the callee's KeepOneCallee decides, and should the other be
// over this one counts, so it has deadlines like any call that is made.
Leg& AddStray(Turn& turn, const Leg& of, const CallFacts& facts);
// If the provider shows two calls for one callee, one is kept: the joined one, else the older.
void KeepOneCallee(Turn& turn);

// The value of a customData entry. Empty: absent.
std::string_view CustomData(
    const google::protobuf::RepeatedPtrField<before::v1::KeyValue>& custom_data,
    std::string_view key);

}  // namespace callbridge::flow_before
