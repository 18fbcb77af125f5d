#include "server/flow/lane.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "server/base/limits.h"
#include "server/flow/legs.h"
#include "server/flow/looks.h"
#include "server/flow/prompt_time.h"
#include "server/flow/retry.h"
#include "server/flow/session_events.h"
#include "server/flow/sound_commands.h"
#include "server/flow/sound_facts.h"

namespace callbridge::flow {
namespace {

using v1::PromptFinished;

// How long the lane waits for a stop of music that has not left. Until it leaves the music is
// heard, and the next prompt would be spoken over it.
constexpr std::chrono::seconds kStopAwaited{5};

void IssueHead(Orders& orders, const Leg& leg) {
  Lane& lane = orders.lane(leg);
  Command command;
  if (lane.content() == Lane::CONTENT_PROMPT) {
    command = MakePlayPrompt(orders, leg, lane.prompt());
    orders.SetTimer(Timer::KIND_PROMPT, leg.leg_id(),
                    orders.now() + base::FromProtoDuration(command.play_prompt().timeout()));
  } else {
    command = MakePlayMusic(orders, leg);
    lane.set_music_runs(lane.music_runs() + 1);
  }
  orders.ClearTimer(Timer::KIND_SOUND_HELD, leg.leg_id());
  lane.set_command(orders.Issue(command));
  lane.set_state(Lane::STATE_STARTING);
}

// True if a play is unanswered that the lane has gone on without. One more stop follows its answer.
bool IsLatePlayOut(Orders& orders, const Leg& leg) {
  return orders.FindOpen(orders.lane(leg).late_play()) != nullptr;
}

bool IsStopOut(Orders& orders, const Leg& leg) {
  return orders.FindOpen(Command::kStopPlay, leg.leg_id()) != nullptr;
}

// Holds the head until an earlier stop or play is answered, but not for long after a stop. Requests
// leave on connections of their own, so a late stop could end the new sound.
void HoldHead(Orders& orders, const Leg& leg) {
  orders.lane(leg).set_state(Lane::STATE_HELD);
  if (IsLatePlayOut(orders, leg)) return;
  orders.SetTimer(Timer::KIND_SOUND_HELD, leg.leg_id(),
                  orders.now() + base::FromProtoDuration(orders.timing().stop_play_repeat()));
}

void Begin(Orders& orders, const Leg& leg, Lane::Content content, v1::PromptKind kind) {
  Lane& lane = orders.lane(leg);
  lane.set_content(content);
  lane.set_prompt(kind);
  if (IsStopOut(orders, leg) || IsLatePlayOut(orders, leg)) {
    HoldHead(orders, leg);
  } else {
    IssueHead(orders, leg);
  }
}

void IssueHeldHead(Orders& orders, const Leg& leg) {
  const bool held = orders.lane(leg).state() == Lane::STATE_HELD;
  if (held && !IsStopOut(orders, leg) && !IsLatePlayOut(orders, leg)) IssueHead(orders, leg);
}

// Removes the head from the lane, and keeps what concerns the session as a whole.
void ClearHead(Orders& orders, const Leg& leg) {
  Lane& lane = orders.lane(leg);
  CancelStops(orders, lane.command());
  Lane next;
  next.set_leg_id(leg.leg_id());
  next.set_music_runs(lane.music_runs());
  next.set_late_play(lane.late_play());
  next.set_music_doubted(lane.music_doubted());
  lane = next;
  for (const Timer::Kind kind :
       {Timer::KIND_PROMPT, Timer::KIND_MEDIA_END, Timer::KIND_STOP_PLAY, Timer::KIND_SOUND_HELD}) {
    orders.ClearTimer(kind, leg.leg_id());
  }
}

void EndHead(Orders& orders, const Leg& leg, PromptFinished::Completion completion,
             std::optional<Duration> played, bool ran_out) {
  const Lane lane = orders.lane(leg);
  if (lane.content() == Lane::CONTENT_PROMPT) {
    SessionEvent& event = orders.Emit(SessionEvent::DETAIL_NORMAL);
    PromptFinished& finished = *event.mutable_prompt_finished();
    finished.set_prompt(lane.prompt());
    finished.set_leg_id(leg.leg_id());
    finished.set_completion(completion);
    if (played) *finished.mutable_played_duration() = base::ToProtoDuration(*played);
  } else if (lane.told()) {
    SessionEvent& event = orders.Emit(SessionEvent::DETAIL_NORMAL);
    v1::MusicStopped& stopped = *event.mutable_music_stopped();
    if (lane.has_stop_time()) {
      *stopped.mutable_stop_duration() = base::ToProtoDuration(
          std::max(Duration::zero(), orders.learned() - base::FromTimestamp(lane.stop_time())));
    }
    stopped.set_ran_out(ran_out);
  }
  ClearHead(orders, leg);
  // While the callee rings, the flow stops music for one reason: its play had no answer, so it may
  // not be heard. Therefore the music is started again.
  const bool doubted =
      lane.content() == Lane::CONTENT_MUSIC && lane.state() == Lane::STATE_STOPPING;
  if (doubted && orders.session().has_dialing_callee()) {
    if (!lane.told()) orders.lane(leg).set_music_runs(lane.music_runs() - 1);
    StartMusic(orders, leg);
  }
}

void StopHead(Orders& orders, const Leg& leg) {
  Lane& lane = orders.lane(leg);
  lane.set_stops(lane.stops() + 1);
  orders.Issue(MakeStopPlay(orders, leg, lane.command()));
  orders.SetTimer(Timer::KIND_STOP_PLAY, leg.leg_id(),
                  orders.now() + base::FromProtoDuration(orders.timing().stop_play_repeat()));
}

// Shortens the deadline of a prompt that the provider has accepted, if the worker knows how long it
// is.
void ShortenDeadline(Orders& orders, const Leg& leg) {
  const Lane& lane = LaneOf(orders.session(), leg);
  if (lane.content() != Lane::CONTENT_PROMPT) return;
  const std::optional<Duration> known =
      KnownDeadline(orders.input().prompt_lengths(), lane.prompt());
  if (!known) return;
  const v1::Prompt& prompt = PromptOf(orders.session().plan(), lane.prompt());
  const Time latest =
      base::FromTimestamp(lane.sent_time()) + PromptDeadline(prompt, orders.timing());
  orders.SetTimer(Timer::KIND_PROMPT, leg.leg_id(), std::min(latest, orders.learned() + *known));
}

// Returns until when the lane waits for a stop that has not left. A prompt ends by itself, so its
// stop is not waited for.
Time StopAwaitedUntil(const Lane& lane) {
  if (lane.content() != Lane::CONTENT_MUSIC) return {};
  return base::FromTimestamp(lane.stop_time()) + kStopAwaited;
}

bool IsHead(const Session& session, const Leg& leg, std::int32_t number) {
  const Lane& lane = LaneOf(session, leg);
  return lane.state() != Lane::STATE_UNSPECIFIED && lane.command() == number;
}

const Leg& HearerOf(Orders& orders, const Command& sound) {
  const Leg* leg = FindLeg(orders, sound.leg_id());
  Require(leg != nullptr, "a sound is heard by a leg");
  return *leg;
}

}  // namespace

void StartPrompt(Orders& orders, const Leg& leg, v1::PromptKind kind) {
  Require(IsQuiet(orders.session(), leg), "a prompt begins on a quiet lane");
  if (!IsSilent(PromptOf(orders.session().plan(), kind)))
    Begin(orders, leg, Lane::CONTENT_PROMPT, kind);
}

void StartMusic(Orders& orders, const Leg& leg) {
  Require(IsQuiet(orders.session(), leg), "music begins on a quiet lane");
  const v1::Audio& audio = orders.session().plan().music().audio();
  if (audio.source_case() == v1::Audio::SOURCE_NOT_SET) return;
  Begin(orders, leg, Lane::CONTENT_MUSIC, v1::PROMPT_KIND_UNSPECIFIED);
}

void StopSound(Orders& orders, const Leg& leg) {
  Lane& lane = orders.lane(leg);
  if (lane.state() == Lane::STATE_UNSPECIFIED || lane.state() == Lane::STATE_STOPPING) return;
  const OpenCommand* open = orders.FindOpen(lane.command());
  const bool pending = open != nullptr && open->status() == Command::STATUS_PENDING;
  if (pending) orders.Cancel(lane.command());
  if (pending || lane.state() == Lane::STATE_HELD) {
    EndHead(orders, leg, PromptFinished::COMPLETION_FAILED, std::nullopt, false);
    return;
  }
  lane.set_state(Lane::STATE_STOPPING);
  *lane.mutable_stop_time() = base::ToTimestamp(orders.now());
  orders.ClearTimer(Timer::KIND_PROMPT, leg.leg_id());
  orders.SetTimer(Timer::KIND_MEDIA_END, leg.leg_id(),
                  orders.now() + base::FromProtoDuration(orders.timing().media_end()));
  StopHead(orders, leg);
}

void AbandonLanes(Orders& orders) {
  for (const Leg& leg : orders.session().legs()) {
    if (!IsQuiet(orders.session(), leg)) ClearHead(orders, leg);
    if (HasLane(orders.session(), leg)) orders.lane(leg).clear_late_play();
  }
}

void OnSoundTaken(Orders& orders, const OpenCommand& open) {
  const Leg& leg = HearerOf(orders, open.command());
  if (!IsHead(orders.session(), leg, open.command().number())) return;
  Lane& lane = orders.lane(leg);
  *lane.mutable_sent_time() = base::ToTimestamp(orders.learned());
  if (lane.content() == Lane::CONTENT_PROMPT) {
    orders.SetTimer(
        Timer::KIND_PROMPT, leg.leg_id(),
        orders.learned() + base::FromProtoDuration(open.command().play_prompt().timeout()));
  }
}

void OnSoundResult(Orders& orders, OpenCommand& open, const CommandResult& result) {
  const Leg& leg = HearerOf(orders, open.command());
  const std::int32_t number = result.number();
  const bool head = IsHead(orders.session(), leg, number);
  const bool late = LaneOf(orders.session(), leg).late_play() == number;
  switch (result.verdict()) {
    case CommandResult::VERDICT_NOT_SENT:
    case CommandResult::VERDICT_THROTTLED:
      if (head && LaneOf(orders.session(), leg).state() == Lane::STATE_STARTING) {
        // This attempt began no sound. An end or error that is told from now on belongs to an
        // earlier sound.
        orders.lane(leg).clear_sent_time();
        RetryCertainFailure(orders, open, result);
        return;
      }
      orders.Close(number);
      if (head) EndHead(orders, leg, PromptFinished::COMPLETION_FAILED, std::nullopt, false);
      if (late) IssueHeldHead(orders, leg);
      return;
    case CommandResult::VERDICT_REFUSED:
      orders.Close(number);
      if (head) EndHead(orders, leg, PromptFinished::COMPLETION_FAILED, std::nullopt, false);
      if (late) IssueHeldHead(orders, leg);
      AskForTheCaller(orders);
      return;
    default:
      break;
  }
  // The provider accepted the sound, or its fate is unknown. In both cases it counts as heard.
  orders.Close(number);
  if (late) {
    orders.Issue(MakeStopPlay(orders, leg, number));
    if (LaneOf(orders.session(), leg).state() == Lane::STATE_HELD) HoldHead(orders, leg);
    return;
  }
  if (!head) return;
  const Lane& lane = LaneOf(orders.session(), leg);
  const bool doubted = result.verdict() == CommandResult::VERDICT_UNKNOWN &&
                       lane.content() == Lane::CONTENT_MUSIC && !lane.music_doubted() &&
                       lane.state() == Lane::STATE_STARTING;
  if (doubted) {
    orders.lane(leg).set_music_doubted(true);
    StopSound(orders, leg);
    return;
  }
  TellSoundStart(orders, leg);
  if (LaneOf(orders.session(), leg).state() == Lane::STATE_STOPPING) {
    // The stop may have overtaken the sound, so it is sent again.
    StopHead(orders, leg);
    return;
  }
  orders.lane(leg).set_state(Lane::STATE_PLAYING);
  if (result.verdict() == CommandResult::VERDICT_DONE) ShortenDeadline(orders, leg);
}

void OnStopPlayResult(Orders& orders, const Command& command, const CommandResult& result) {
  const Leg& leg = HearerOf(orders, command);
  IssueHeldHead(orders, leg);
  const std::int32_t media = command.stop_play().media();
  const bool stopping = IsHead(orders.session(), leg, media);
  const bool certainly_not_done = IsCertainFailure(result);
  // This stop certainly did nothing, so it does not count as one of the allowed stops. That is
  // limited in time.
  Lane& lane = orders.lane(leg);
  if (stopping && certainly_not_done && orders.now() < StopAwaitedUntil(lane)) {
    lane.set_stops(lane.stops() - 1);
  }
  // If the stop was not refused, the lane's timers decide what follows.
  if (result.verdict() != CommandResult::VERDICT_REFUSED) return;
  AskForTheCaller(orders);
  // A stop names the head only if the head is stopping. 400 says that nothing plays, so the sound
  // is over if its play was answered.
  if (stopping && result.http_status() == 400 && orders.FindOpen(media) == nullptr) {
    EndHead(orders, leg, PromptFinished::COMPLETION_CUT, std::nullopt, false);
  }
}

void OnSoundEnded(Orders& orders, const Leg& leg, const SoundEnded& ended) {
  const Lane lane = orders.lane(leg);
  const bool ran_out = ended.finished && lane.state() != Lane::STATE_STOPPING;
  EndHead(orders, leg, ended.completion, ended.played, ran_out);
  const bool ran = ended.after >= base::FromProtoDuration(orders.timing().music_run_min());
  const bool again = ran_out && ran && lane.content() == Lane::CONTENT_MUSIC;
  if (again && lane.music_runs() < base::kMusicRunsMax) StartMusic(orders, leg);
}

void OnPromptTimer(Orders& orders, const Leg& leg) {
  const Lane& lane = LaneOf(orders.session(), leg);
  const OpenCommand* open = orders.FindOpen(lane.command());
  const bool waits = open != nullptr && open->status() == Command::STATUS_PENDING;
  TellDeadline(orders, "prompt finished",
               orders.now() - base::FromTimestamp(waits ? open->issue_time() : lane.sent_time()));
  // The end of the prompt was not told, and the end of the caller's call may not have been told
  // either.
  AskForTheCaller(orders);
  StopSound(orders, leg);
}

// Gives the head up although nothing proves the end of its sound. First it gives an outstanding
// stop its time.
void OnMediaEndTimer(Orders& orders, const Leg& leg, Time due) {
  Lane& lane = orders.lane(leg);
  const Time before = orders.now() - base::FromProtoDuration(orders.timing().stop_play_repeat());
  const OpenCommand* stop = orders.FindOpen(Command::kStopPlay, leg.leg_id());
  // Until then the lane waits for a stop that the store, the provider's rates or a pause of the
  // service holds back.
  const Time patience = StopAwaitedUntil(lane);
  const bool pending = stop != nullptr && stop->status() == Command::STATUS_PENDING;
  const bool fresh = pending && base::FromTimestamp(stop->issue_time()) > before;
  const bool kept = (pending || lane.stops() == 0) && orders.now() < patience;
  // During a pause of the service no stop was repeated, so one more is sent and waited for.
  const bool late = due <= before && (stop != nullptr || lane.stops() < base::kStopPlaysMax);
  if (fresh || kept || late) {
    if (stop == nullptr) StopHead(orders, leg);
    const Time again = orders.now() + base::FromProtoDuration(orders.timing().media_end());
    orders.SetTimer(Timer::KIND_MEDIA_END, leg.leg_id(), kept ? std::min(again, patience) : again);
    return;
  }
  // The sound may still begin. Then the answer to its play is followed by one more stop.
  if (orders.FindOpen(lane.command()) != nullptr) lane.set_late_play(lane.command());
  EndHead(orders, leg, PromptFinished::COMPLETION_ASSUMED, std::nullopt, false);
}

// The stop's answer is overdue. Silence would be worse than a prompt that may be cut.
void OnSoundHeldTimer(Orders& orders, const Leg& leg) { IssueHead(orders, leg); }

void OnStopPlayTimer(Orders& orders, const Leg& leg) {
  if (LaneOf(orders.session(), leg).stops() >= base::kStopPlaysMax) return;
  const OpenCommand* open = orders.FindOpen(Command::kStopPlay, leg.leg_id());
  if (open == nullptr) {
    StopHead(orders, leg);
  } else {
    orders.SetTimer(Timer::KIND_STOP_PLAY, leg.leg_id(),
                    orders.now() + base::FromProtoDuration(orders.timing().stop_play_repeat()));
  }
}

}  // namespace callbridge::flow
