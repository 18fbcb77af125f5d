#include "server/flow/notices.h"

#include "server/flow/conference_facts.h"
#include "server/flow/hangup.h"
#include "server/flow/lane.h"
#include "server/flow/legs.h"
#include "server/flow/notice_facts.h"
#include "server/flow/sound_facts.h"

namespace callbridge::flow {
namespace {

bool IsWanted(const Leg& leg) { return !IsGone(leg) && !leg.unwanted(); }

}  // namespace

void GiveUpForbidden(Orders& orders) {
  const Session& session = orders.session();
  if (!IsActive(session) || !AsksForNotice(session)) return;
  if (const Leg* leg = WhoRefused(session)) {
    return NoteNoticeFailure(orders, *leg, v1::RECORDING_FAILURE_NOTICE_REFUSED);
  }
  for (const Leg& leg : session.legs()) {
    if (!IsWanted(leg) || !IsNoticeLost(session, leg)) continue;
    return NoteNoticeFailure(orders, leg, v1::RECORDING_FAILURE_NOTICE_UNPROVED);
  }
}

void BeginNotice(Orders& orders, const Leg& leg) {
  Leg* hearer = FindLeg(orders, leg.leg_id());
  Require(hearer != nullptr, "a notice is heard by a leg");
  hearer->mutable_notice()->set_attempts(hearer->notice().attempts() + 1);
  StartNotice(orders, *hearer);
}

void SettleNotices(Orders& orders) {
  const Session& session = orders.session();
  if (!session.has_connected()) return;
  for (const Leg& leg : session.legs()) {
    const bool hears = IsJoined(leg) && !leg.unwanted() && IsQuiet(session, leg);
    if (hears && AwaitsNotice(session, leg)) BeginNotice(orders, leg);
  }
}

std::optional<Next> EndOfRefusal(Orders& orders) {
  const Session& session = orders.session();
  const v1::RecordingNotice& notice = session.plan().recording().notice();
  const bool ends = notice.refusal() == v1::RecordingNotice::REFUSAL_END;
  if (!ends || !IsActive(session) || session.has_apologizing()) return std::nullopt;
  const Leg* leg = WhoRefused(session);
  if (leg == nullptr) return std::nullopt;
  if (leg->role() == v1::Leg::ROLE_CALLEE && !WereTogether(session)) {
    Leg& callee = *FindLeg(orders, leg->leg_id());
    callee.set_unwanted(true);
    HangUpLeg(orders, callee);
    return ToApologizing{v1::END_REASON_NOTICE_REFUSED, v1::PARTY_CALLEE, std::nullopt};
  }
  // If the two were in the conference together, EnterEnding turns this into COMPLETED.
  ToEnding end =
      EndWith(v1::Outcome::RESULT_CALLER_ABANDONED, v1::END_REASON_NOTICE_REFUSED, PartyOf(*leg));
  end.outcome.add_cause_sequences(leg->last_event());
  return end;
}

}  // namespace callbridge::flow
