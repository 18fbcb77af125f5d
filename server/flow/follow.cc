#include "server/flow/follow.h"

#include <string>
#include <variant>

#include "server/flow/audio.h"
#include "server/flow/caller_phases.h"
#include "server/flow/conference.h"
#include "server/flow/dial_rules.h"
#include "server/flow/dialing.h"
#include "server/flow/failing.h"
#include "server/flow/hangup.h"
#include "server/flow/joining.h"
#include "server/flow/legs.h"
#include "server/flow/looks.h"
#include "server/flow/phases.h"
#include "server/flow/reasons.h"
#include "server/flow/sound_results.h"
#include "server/flow/verdicts.h"

namespace callbridge::flow {
namespace {

class FollowUp {
 public:
  explicit FollowUp(Course& course) : course_(course) {}

  void operator()(const CallShown& news) const {
    WithdrawRepeatedDial(course_, LegOf(news.leg_id));
  }
  void operator()(const StrayShown& news) const { OnStrayShown(course_, LegOf(news.leg_id)); }
  void operator()(const LegLeft& news) const {
    // A hangup of this leg is planned already.
    if (course_.HasTimer(Timer::KIND_HANGUP, news.leg_id)) return;
    HangUpLeg(course_, LegOf(news.leg_id));
  }
  void operator()(const LegAbsent& news) const {
    course_.SetTimer(Timer::KIND_ABSENCE, news.leg_id,
                     course_.now() + base::FromProtoDuration(course_.timing().absence()));
  }
  void operator()(const CallLookedAt& news) const {
    Leg& leg = LegOf(news.leg_id);
    OnCallLookedAt(course_, leg, news.facts);
    if (&leg == &Caller(course_)) ReleaseDial(course_);
  }
  void operator()(const CallLookFailed& news) const {
    RepeatAbsenceLook(course_, LegOf(news.leg_id));
  }
  void operator()(const DialLookedFor& news) const {
    OnDialLookedFor(course_, LegOf(news.leg_id), news.asked, news.complete);
  }
  void operator()(const DialLost& news) const {
    Enter(course_, OnDialLost(course_, LegOf(news.leg_id)));
  }
  void operator()(const LegNotJoined& news) const { OnNotJoined(course_, LegOf(news.leg_id)); }
  void operator()(const ConferenceKnown&) const { OnConferenceKnown(course_); }
  void operator()(const SurplusConferenceShown&) const { HangUpConference(course_); }
  void operator()(const ConferenceGone&) const { OnConferenceGone(course_); }
  void operator()(const ConferenceLookedFor& news) const {
    OnConferenceLookedFor(course_, news.asked, news.complete);
  }
  void operator()(const ConferenceLookedAt& news) const {
    Enter(course_, OnJoinLookedFor(course_, news.asked, news.facts));
    LookAtTheUnnamed(course_, news.asked, news.facts.value_or(ConferenceFacts()));
    if (news.facts.has_value()) OnAudioLookedAt(course_, news.asked);
  }
  void operator()(const PreparationRefused& news) const {
    const CommandResult& result = news.result;
    const v1::EndReason reason =
        ReasonOfRefusedCreation(result.http_status(), result.error().name());
    Enter(course_, OnPreparationRefused(course_, reason, result));
  }
  void operator()(const LookAnswered&) const { HastenVerdicts(course_); }
  void operator()(const SoundEnded& news) const { OnSoundEnded(course_, LegOf(news.leg_id), news); }

 private:
  Leg& LegOf(const std::string& leg_id) const {
    Leg* leg = FindLeg(course_, leg_id);
    Require(leg != nullptr, "news of a leg have their leg");
    return *leg;
  }

  Course& course_;
};

}  // namespace

void FollowNews(Course& course) {
  for (const News& news : course.TakeNews()) {
    std::visit(FollowUp(course), news);
    // What this piece of news led to is followed up before the next piece.
    FollowNews(course);
  }
}

}  // namespace callbridge::flow
