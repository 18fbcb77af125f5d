#include "server/flow/requested_sounds.h"

#include "server/base/limits.h"
#include "server/flow/conference_facts.h"
#include "server/flow/lane.h"
#include "server/flow/legs.h"
#include "server/flow/notice_facts.h"
#include "server/flow/sound_facts.h"

namespace callbridge::flow {
namespace {

// True if the leg may hear what clients asked for. In the other phases the caller hears a prompt of
// the plan, or one is due as soon as the lane is quiet.
bool MayHearRequested(Orders& orders, const Leg& leg) {
  const Session& session = orders.session();
  if (!IsJoined(leg) || leg.unwanted() || session.has_apologizing()) return false;
  if (leg.role() != v1::Leg::ROLE_CALLER) return true;
  return CallerWaits(orders) || session.has_connected();
}

void SettleLane(Orders& orders, const Leg& leg) {
  if (IsGone(leg)) return ForgetRequested(orders, leg);
  if (!MayHearRequested(orders, leg)) return;
  Lane& lane = orders.lane(leg);
  const bool music_is_heard =
      lane.content() == Lane::CONTENT_MUSIC && lane.state() != Lane::STATE_STOPPING;
  if (lane.waiting_size() > 0 && music_is_heard) {
    lane.set_music_owed(true);
    StopSound(orders, leg);
  }
  if (!IsQuiet(orders.session(), leg)) return;
  if (lane.waiting_size() > 0) {
    StartRequested(orders, leg);
  } else if (lane.music_owed() && CallerWaits(orders)) {
    StartMusic(orders, leg);
  }
}

}  // namespace

void SettleSounds(Orders& orders) {
  if (!IsActive(orders.session())) return;
  for (const Leg& leg : orders.session().legs()) {
    if (HasLane(orders.session(), leg)) SettleLane(orders, leg);
  }
}

bool HasRoom(const Session& session, const Leg& leg) {
  return LaneOf(session, leg).waiting_size() < base::kSoundsWaitingMax;
}

void Queue(Orders& orders, const Leg& leg, const internal::v1::RequestedSound& sound) {
  *orders.lane(leg).add_waiting() = sound;
}

bool HasRequested(const Session& session, const Leg& leg) {
  const Lane& lane = LaneOf(session, leg);
  return lane.has_requested() || lane.waiting_size() > 0;
}

}  // namespace callbridge::flow
