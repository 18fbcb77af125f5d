#include "server/flow/sound_facts.h"

#include <chrono>
#include <cstdint>
#include <string_view>

#include "server/base/marks.h"
#include "server/flow/prompt_time.h"

namespace callbridge::flow {
namespace {

using v1::PromptFinished;

// A finished event may tell a duration this much longer than the time since its sound was sent,
// because clocks differ.
constexpr std::chrono::milliseconds kDurationTolerance{500};

bool IsRecorded(const Session& session, const Lane& lane) {
  return lane.content() == Lane::CONTENT_MUSIC || PromptOfHead(session, lane).has_audio();
}

// The type of the event that tells the end of the head.
ProviderEvent::Type EndOf(const Session& session, const Lane& lane) {
  if (lane.content() == Lane::CONTENT_CAPTURE) return ProviderEvent::TYPE_DTMF_CAPTURED;
  return IsRecorded(session, lane) ? ProviderEvent::TYPE_PLAY_FINISHED
                                   : ProviderEvent::TYPE_SAY_FINISHED;
}

// The provider's name of what began the head.
std::string_view ActionOf(const Session& session, const Lane& lane) {
  if (lane.content() == Lane::CONTENT_CAPTURE) return "CAPTURE_DTMF";
  return IsRecorded(session, lane) ? "PLAY" : "SAY";
}

// True if the event may tell of a sound before the notice that is heard now. Such a sound ended
// untold, and its event may carry the mark of the notice, because customData belongs to the call
// (docs/provider.md §3.4). Only a length that fits the notice excludes that.
bool MayBeOfEarlier(const Lane& lane, const ProviderEvent& event, std::int32_t media) {
  if (!IsNotice(lane)) return false;
  if (lane.content() == Lane::CONTENT_CAPTURE) return lane.untold_capture();
  return lane.untold_end() && (media == 0 || !event.playback().has_duration());
}

// Returns why the event, with this customData, does not tell of the lane's head. Empty means that
// it does.
std::string_view WhyNotOfHead(const Session& session, const Lane& lane, const ProviderEvent& event,
                              const base::CustomData& custom_data) {
  if (lane.state() == Lane::STATE_UNSPECIFIED || !lane.has_sent_time()) {
    return "nothing is being heard";
  }
  if (event.type() != EndOf(session, lane)) return "the event is not of the head's type";
  const std::int32_t media = base::ReadMarks(custom_data).media;
  if (media != 0 && media != lane.command()) return "the event is of an earlier sound";
  if (MayBeOfEarlier(lane, event, media)) return "the event may be of a sound before the notice";
  return {};
}

// Says of the end of a notice what the capture of its refusing key tells.
void AddNoticeEnd(const ProviderEvent::Captured& captured, SoundEnded& ended) {
  ended.completion = captured.prompt_completed() ? PromptFinished::COMPLETION_FULL
                                                 : PromptFinished::COMPLETION_CUT;
  if (captured.has_prompt_duration()) {
    ended.played = base::FromProtoDuration(captured.prompt_duration());
  }
}

v1::DigitsReceived::Completion CaptureCompletion(PromptFinished::Completion completion,
                                                 const ProviderEvent::Captured* captured) {
  switch (completion) {
    case PromptFinished::COMPLETION_FULL:
      return captured != nullptr && captured->timed_out() ? v1::DigitsReceived::COMPLETION_TIMED_OUT
                                                          : v1::DigitsReceived::COMPLETION_FULL;
    case PromptFinished::COMPLETION_CUT:
      return v1::DigitsReceived::COMPLETION_CUT;
    case PromptFinished::COMPLETION_ASSUMED:
      return v1::DigitsReceived::COMPLETION_ASSUMED;
    default:
      return v1::DigitsReceived::COMPLETION_FAILED;
  }
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

bool IsNotice(const Lane& lane) { return lane.prompt() == v1::PROMPT_KIND_NOTICE; }

const v1::Prompt& PromptOfHead(const Session& session, const Lane& lane) {
  return lane.has_requested() ? lane.requested().prompt() : PromptOf(session.plan(), lane.prompt());
}

void TellRequestedEnd(Knowledge& known, const Leg& leg, const internal::v1::RequestedSound& sound,
                      PromptFinished::Completion completion, std::optional<Duration> played,
                      const ProviderEvent::Captured* captured) {
  SessionEvent& event = known.Emit(SessionEvent::DETAIL_NORMAL);
  if (sound.has_capture()) {
    v1::DigitsReceived& received = *event.mutable_digits_received();
    received.set_leg_id(leg.leg_id());
    received.set_request_id(sound.request_id());
    received.set_completion(CaptureCompletion(completion, captured));
    if (captured == nullptr) return;
    received.set_digit_count(captured->digit_count());
    if (known.session().plan().keep_digits()) received.set_digits(captured->digits());
    return;
  }
  PromptFinished& finished = *event.mutable_prompt_finished();
  finished.set_prompt(v1::PROMPT_KIND_REQUESTED);
  finished.set_leg_id(leg.leg_id());
  finished.set_request_id(sound.request_id());
  finished.set_completion(completion);
  if (played) *finished.mutable_played_duration() = base::ToProtoDuration(*played);
}

bool TellsCaptureOfHead(const Session& session, const Leg& leg, const ProviderEvent& event) {
  return WhyNotOfHead(session, LaneOf(session, leg), event, event.captured().custom_data()).empty();
}

void TellSoundStart(Knowledge& known, const Leg& leg) {
  Lane& lane = known.lane(leg);
  if (lane.told()) return;
  lane.set_told(true);
  if (lane.content() == Lane::CONTENT_CAPTURE && !IsNotice(lane)) return;
  SessionEvent& event = known.Emit(SessionEvent::DETAIL_NORMAL);
  if (lane.content() == Lane::CONTENT_MUSIC) {
    event.mutable_music_started()->set_run_number(lane.music_runs());
  } else {
    event.mutable_prompt_started()->set_prompt(lane.prompt());
    event.mutable_prompt_started()->set_leg_id(leg.leg_id());
    event.mutable_prompt_started()->set_request_id(lane.requested().request_id());
  }
}

void NoteSoundFinished(Knowledge& known, const Leg& leg, const ProviderEvent& event) {
  const Lane lane = LaneOf(known.session(), leg);
  const std::string_view why =
      WhyNotOfHead(known.session(), lane, event, event.playback().custom_data());
  if (!why.empty()) return known.Ignore(why);
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

void NoteDigitsCaptured(Knowledge& known, const Leg& leg, const ProviderEvent& event) {
  const Lane lane = LaneOf(known.session(), leg);
  const std::string_view why =
      WhyNotOfHead(known.session(), lane, event, event.captured().custom_data());
  if (!why.empty()) return known.Ignore(why);
  known.Release(lane.command());
  if (IsNotice(lane)) TellSoundStart(known, leg);
  SoundEnded ended;
  ended.leg_id = leg.leg_id();
  ended.completion = PromptFinished::COMPLETION_FULL;
  ended.after = known.learned() - base::FromTimestamp(lane.sent_time());
  ended.finished = true;
  ended.captured = event.captured();
  if (IsNotice(lane)) AddNoticeEnd(event.captured(), ended);
  known.Note(ended);
}

void NoteSoundError(Knowledge& known, const Leg& leg, const ProviderEvent& event) {
  const Lane& lane = LaneOf(known.session(), leg);
  if (lane.state() == Lane::STATE_UNSPECIFIED || !lane.has_sent_time()) return;
  if (event.action_type() != ActionOf(known.session(), lane)) return;
  known.Release(lane.command());
  SoundEnded failed;
  failed.leg_id = leg.leg_id();
  failed.completion = PromptFinished::COMPLETION_FAILED;
  known.Note(failed);
}

}  // namespace callbridge::flow
