#include "server/flow/timers.h"

#include "server/flow/audio.h"
#include "server/flow/callee_phases.h"
#include "server/flow/caller_phases.h"
#include "server/flow/dial_rules.h"
#include "server/flow/dialing.h"
#include "server/flow/ending.h"
#include "server/flow/hangup.h"
#include "server/flow/joining.h"
#include "server/flow/legs.h"
#include "server/flow/looks.h"
#include "server/flow/phases.h"
#include "server/flow/sound_results.h"
#include "server/flow/verdicts.h"

namespace callbridge::flow {
namespace {

Leg& LegOfTimer(Course& course, const Timer& timer) {
  Leg* leg = FindLeg(course, timer.subject());
  Require(leg != nullptr, "a timer of a leg has its leg");
  return *leg;
}

// Handles the timers that choose no next phase.
void OnOtherTimer(Course& course, const Timer& timer) {
  switch (timer.kind()) {
    case Timer::KIND_PHASE_LOOK:
      return OnPhaseLookTimer(course);
    case Timer::KIND_PROMPT:
      return OnPromptTimer(course, LegOfTimer(course, timer));
    case Timer::KIND_MEDIA_END:
      return OnMediaEndTimer(course, LegOfTimer(course, timer),
                             base::FromTimestamp(timer.due_time()));
    case Timer::KIND_STOP_PLAY:
      return OnStopPlayTimer(course, LegOfTimer(course, timer));
    case Timer::KIND_SOUND_HELD:
      return OnSoundHeldTimer(course, LegOfTimer(course, timer));
    case Timer::KIND_DIAL_LOOK:
      return PursueLostDial(course, LegOfTimer(course, timer));
    case Timer::KIND_RING_LOOK:
    case Timer::KIND_ABSENCE:
      return LookAtCall(course, LegOfTimer(course, timer));
    case Timer::KIND_HANGUP:
      return OnHangUpTimer(course, timer.subject());
    case Timer::KIND_LOOK_AGAIN:
      return OnLookAgainTimer(course, timer.subject());
    case Timer::KIND_ENDING_LOOK:
      return OnEndingLookTimer(course);
    case Timer::KIND_PURSUIT_END:
      return OnPursuitEndTimer(course);
    case Timer::KIND_JOIN_RETRY:
      return OnJoinRetryTimer(course);
    case Timer::KIND_AUDIO:
      return OnAudioTimer(course, LegOfTimer(course, timer));
    case Timer::KIND_LOOK_ANSWER:
      return;  // The phase goes on without the look's answer.
    case Timer::KIND_CALLEE_SILENT:
      return;  // An earlier version set this timer. Now the phases look themselves.
    default:
      Require(false, "every timer has a kind");
  }
}

}  // namespace

Next OnTimer(Course& course, const Timer& timer) {
  if (AsksFirst(course, timer)) return Stay{};
  switch (timer.kind()) {
    case Timer::KIND_OFFER:
      return OnOfferTimer();
    case Timer::KIND_PHASE_VERDICT:
      return OnPhaseVerdictTimer(course);
    case Timer::KIND_RING_VERDICT:
      return OnRingVerdictTimer(course, LegOfTimer(course, timer));
    case Timer::KIND_DIAL_QUEUE:
      return OnDialQueueTimer(course);
    case Timer::KIND_MAX_DURATION:
      return OnMaxDurationTimer(course);
    case Timer::KIND_CONFERENCE_GONE:
      return OnConferenceGoneTimer(course);
    default:
      OnOtherTimer(course, timer);
      return Stay{};
  }
}

}  // namespace callbridge::flow
