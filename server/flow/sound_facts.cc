#include "server/flow/sound_facts.h"

#include <chrono>
#include <cstdint>

#include "server/base/marks.h"
#include "server/flow/prompt_time.h"

namespace callbridge::flow {
namespace {

using v1::PromptFinished;

// A finished event may tell a duration this much longer than the time since its sound was sent,
// because clocks differ.
constexpr std::chrono::milliseconds kDurationTolerance{500};

bool IsRecorded(const Session& session, const Lane& lane) {
  return lane.content() == Lane::CONTENT_MUSIC ||
         PromptOf(session.plan(), lane.prompt()).has_audio();
}

}  // namespace

const Lane& LaneOf(const Session& session, const Leg& leg) {
  for (const Lane& lane : session.lanes()) {
    if (lane.leg_id() == leg.leg_id()) return lane;
  }
  return Lane::default_instance();
}

bool HasLane(const Session& session, const Leg& leg) {
  return LaneOf(session, leg).leg_id() == leg.leg_id();
}

bool IsQuiet(const Session& session, const Leg& leg) {
  return LaneOf(session, leg).state() == Lane::STATE_UNSPECIFIED;
}

void TellSoundStart(Knowledge& known, const Leg& leg) {
  Lane& lane = known.lane(leg);
  if (lane.told()) return;
  lane.set_told(true);
  SessionEvent& event = known.Emit(SessionEvent::DETAIL_NORMAL);
  if (lane.content() == Lane::CONTENT_MUSIC) {
    event.mutable_music_started()->set_run_number(lane.music_runs());
  } else {
    event.mutable_prompt_started()->set_prompt(lane.prompt());
    event.mutable_prompt_started()->set_leg_id(leg.leg_id());
  }
}

void NoteSoundFinished(Knowledge& known, const Leg& leg, const ProviderEvent& event) {
  const Lane lane = known.lane(leg);
  if (lane.state() == Lane::STATE_UNSPECIFIED || !lane.has_sent_time()) {
    known.Ignore("nothing is being heard");
    return;
  }
  const ProviderEvent::Type fitting = IsRecorded(known.session(), lane)
                                          ? ProviderEvent::TYPE_PLAY_FINISHED
                                          : ProviderEvent::TYPE_SAY_FINISHED;
  if (event.type() != fitting) {
    known.Ignore("the finished event is not of the head's type");
    return;
  }
  const std::int32_t media = base::ReadMarks(event.playback().custom_data()).media;
  if (media != 0 && media != lane.command()) {
    known.Ignore("the finished event is of an earlier sound");
    return;
  }
  const Duration since_sent = known.learned() - base::FromTimestamp(lane.sent_time());
  const Duration played = base::FromProtoDuration(event.playback().duration());
  if (played > since_sent + kDurationTolerance) {
    known.Ignore("the finished event lasted longer than the head");
    return;
  }
  TellSoundStart(known, leg);
  known.Release(lane.command());
  SoundEnded ended;
  ended.leg_id = leg.leg_id();
  ended.completion = event.playback().completed() ? PromptFinished::COMPLETION_FULL
                                                  : PromptFinished::COMPLETION_CUT;
  if (event.playback().has_duration()) ended.played = played;
  ended.after = since_sent;
  ended.finished = true;
  known.Note(ended);
}

void NoteSoundError(Knowledge& known, const Leg& leg, const ProviderEvent& event) {
  const Lane& lane = LaneOf(known.session(), leg);
  if (lane.state() == Lane::STATE_UNSPECIFIED || !lane.has_sent_time()) return;
  if (event.action_type() != (IsRecorded(known.session(), lane) ? "PLAY" : "SAY")) return;
  known.Release(lane.command());
  SoundEnded failed;
  failed.leg_id = leg.leg_id();
  failed.completion = PromptFinished::COMPLETION_FAILED;
  known.Note(failed);
}

}  // namespace callbridge::flow
