#include "tests/before/flow/lane.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include "server/base/limits.h"
#include "tests/before/flow/legs.h"
#include "tests/before/flow/looks.h"
#include "tests/before/flow/phases.h"
#include "tests/before/flow/prompt_time.h"
#include "tests/before/flow/retry.h"
#include "tests/before/flow/sound_commands.h"

namespace callbridge::flow_before {
namespace {

using v1::PromptFinished;

// A finished event may seem to have lasted this much longer than its sound: clocks differ.
constexpr std::chrono::milliseconds kDurationTolerance{500};
// As long as the stop of music may wait before it leaves. Until then the music is certainly heard,
// and the next prompt would be spoken over it.
constexpr std::chrono::seconds kStopAwaited{5};

Lane& LaneOf(Turn& turn) { return *turn.session().mutable_lane(); }

bool IsRecorded(const Session& session) {
  const Lane& lane = session.lane();
  return lane.content() == Lane::CONTENT_MUSIC ||
         PromptOf(session.plan(), lane.prompt()).has_audio();
}

void IssueHead(Turn& turn) {
  Lane& lane = LaneOf(turn);
  Command command;
  if (lane.content() == Lane::CONTENT_PROMPT) {
    command = MakePlayPrompt(turn, lane.prompt());
    turn.SetTimer(Timer::KIND_PROMPT, "",
                  turn.now() + base::FromProtoDuration(command.play_prompt().timeout()));
  } else {
    command = MakePlayMusic(turn);
    lane.set_music_runs(lane.music_runs() + 1);
  }
  turn.ClearTimer(Timer::KIND_SOUND_HELD, "");
  lane.set_command(turn.Issue(command));
  lane.set_state(Lane::STATE_STARTING);
}

// A play that the lane has gone on without is not answered yet: one more stop follows its answer.
bool IsLatePlayOut(Turn& turn) { return turn.FindOpen(LaneOf(turn).late_play()) != nullptr; }

bool IsStopOut(Turn& turn) { return turn.FindOpen(Command::kStopPlay) != nullptr; }

// Requests leave on connections of their own: a stop may reach the provider after a sound that was
// issued later, and end it. So the head waits for the stop's answer, but not for long.
void HoldHead(Turn& turn) {
  LaneOf(turn).set_state(Lane::STATE_HELD);
  if (IsLatePlayOut(turn)) return;
  turn.SetTimer(Timer::KIND_SOUND_HELD, "",
                turn.now() + base::FromProtoDuration(turn.timing().stop_play_repeat()));
}

void Begin(Turn& turn, Lane::Content content, v1::PromptKind kind) {
  Lane& lane = LaneOf(turn);
  lane.set_content(content);
  lane.set_prompt(kind);
  if (IsStopOut(turn) || IsLatePlayOut(turn)) {
    HoldHead(turn);
  } else {
    IssueHead(turn);
  }
}

void IssueHeldHead(Turn& turn) {
  const bool held = LaneOf(turn).state() == Lane::STATE_HELD;
  if (held && !IsStopOut(turn) && !IsLatePlayOut(turn)) IssueHead(turn);
}

// The head is no more; what concerns the session as a whole stays.
void ClearHead(Turn& turn) {
  Lane& lane = LaneOf(turn);
  CancelStops(turn, lane.command());
  Lane next;
  next.set_music_runs(lane.music_runs());
  next.set_late_play(lane.late_play());
  next.set_music_doubted(lane.music_doubted());
  lane = next;
  for (const Timer::Kind kind :
       {Timer::KIND_PROMPT, Timer::KIND_MEDIA_END, Timer::KIND_STOP_PLAY, Timer::KIND_SOUND_HELD}) {
    turn.ClearTimer(kind, "");
  }
}

void TellStart(Turn& turn) {
  Lane& lane = LaneOf(turn);
  if (lane.told()) return;
  lane.set_told(true);
  SessionEvent& event = turn.Emit(SessionEvent::DETAIL_NORMAL);
  if (lane.content() == Lane::CONTENT_MUSIC) {
    event.mutable_music_started()->set_run_number(lane.music_runs());
  } else {
    event.mutable_prompt_started()->set_prompt(lane.prompt());
    event.mutable_prompt_started()->set_leg_id(Caller(turn).leg_id());
  }
}

void EndHead(Turn& turn, PromptFinished::Completion completion, const Duration* played,
             bool ran_out) {
  const Lane lane = LaneOf(turn);
  if (lane.content() == Lane::CONTENT_PROMPT) {
    SessionEvent& event = turn.Emit(SessionEvent::DETAIL_NORMAL);
    PromptFinished& finished = *event.mutable_prompt_finished();
    finished.set_prompt(lane.prompt());
    finished.set_leg_id(Caller(turn).leg_id());
    finished.set_completion(completion);
    if (played != nullptr) *finished.mutable_played_duration() = base::ToProtoDuration(*played);
  } else if (lane.told()) {
    SessionEvent& event = turn.Emit(SessionEvent::DETAIL_NORMAL);
    v1::MusicStopped& stopped = *event.mutable_music_stopped();
    if (lane.has_stop_time()) {
      *stopped.mutable_stop_duration() = base::ToProtoDuration(
          std::max(Duration::zero(), turn.learned() - base::FromTimestamp(lane.stop_time())));
    }
    stopped.set_ran_out(ran_out);
  }
  ClearHead(turn);
  // While the callee rings music is stopped for one reason: its request had no answer, so that it
  // may not be heard.
  const bool doubted =
      lane.content() == Lane::CONTENT_MUSIC && lane.state() == Lane::STATE_STOPPING;
  if (doubted && turn.session().has_dialing_callee()) {
    if (!lane.told()) LaneOf(turn).set_music_runs(lane.music_runs() - 1);
    StartMusic(turn);
  }
}

void StopHead(Turn& turn) {
  Lane& lane = LaneOf(turn);
  lane.set_stops(lane.stops() + 1);
  IssueStopPlay(turn, lane.command());
  turn.SetTimer(Timer::KIND_STOP_PLAY, "",
                turn.now() + base::FromProtoDuration(turn.timing().stop_play_repeat()));
}

// The provider has begun a prompt of which the worker knows how long it is.
void ShortenDeadline(Turn& turn) {
  const Lane& lane = turn.session().lane();
  if (lane.content() != Lane::CONTENT_PROMPT) return;
  const std::optional<Duration> known = KnownDeadline(turn.input().prompt_lengths(), lane.prompt());
  if (!known) return;
  const v1::Prompt& prompt = PromptOf(turn.session().plan(), lane.prompt());
  const Time latest = base::FromTimestamp(lane.sent_time()) + PromptDeadline(prompt, turn.timing());
  turn.SetTimer(Timer::KIND_PROMPT, "", std::min(latest, turn.learned() + *known));
}

// Until when a stop that has not left is waited for. A prompt is over by itself, music is not.
Time StopAwaitedUntil(const Lane& lane) {
  if (lane.content() != Lane::CONTENT_MUSIC) return {};
  return base::FromTimestamp(lane.stop_time()) + kStopAwaited;
}

bool IsHead(const Session& session, std::int32_t number) {
  return session.lane().state() != Lane::STATE_UNSPECIFIED && session.lane().command() == number;
}

}  // namespace

bool IsQuiet(const Session& session) { return session.lane().state() == Lane::STATE_UNSPECIFIED; }

void StartPrompt(Turn& turn, v1::PromptKind kind) {
  Require(IsQuiet(turn.session()), "a prompt begins on a quiet lane");
  if (!IsSilent(PromptOf(turn.session().plan(), kind))) Begin(turn, Lane::CONTENT_PROMPT, kind);
}

void StartMusic(Turn& turn) {
  Require(IsQuiet(turn.session()), "music begins on a quiet lane");
  const v1::Audio& audio = turn.session().plan().music().audio();
  if (audio.source_case() == v1::Audio::SOURCE_NOT_SET) return;
  Begin(turn, Lane::CONTENT_MUSIC, v1::PROMPT_KIND_UNSPECIFIED);
}

void StopSound(Turn& turn) {
  Lane& lane = LaneOf(turn);
  if (lane.state() == Lane::STATE_UNSPECIFIED || lane.state() == Lane::STATE_STOPPING) return;
  const OpenCommand* open = turn.FindOpen(lane.command());
  const bool pending = open != nullptr && open->status() == OpenCommand::STATUS_PENDING;
  if (pending) turn.Cancel(lane.command());
  if (pending || lane.state() == Lane::STATE_HELD) {
    EndHead(turn, PromptFinished::COMPLETION_FAILED, nullptr, false);
    return;
  }
  lane.set_state(Lane::STATE_STOPPING);
  *lane.mutable_stop_time() = base::ToTimestamp(turn.now());
  turn.ClearTimer(Timer::KIND_PROMPT, "");
  turn.SetTimer(Timer::KIND_MEDIA_END, "",
                turn.now() + base::FromProtoDuration(turn.timing().media_end()));
  StopHead(turn);
}

void AbandonLane(Turn& turn) {
  if (!IsQuiet(turn.session())) ClearHead(turn);
  if (turn.session().has_lane()) LaneOf(turn).clear_late_play();
}

void OnSoundTaken(Turn& turn, const OpenCommand& open) {
  if (!IsHead(turn.session(), open.command().number())) return;
  Lane& lane = LaneOf(turn);
  *lane.mutable_sent_time() = base::ToTimestamp(turn.learned());
  if (lane.content() == Lane::CONTENT_PROMPT) {
    turn.SetTimer(Timer::KIND_PROMPT, "",
                  turn.learned() + base::FromProtoDuration(open.command().play_prompt().timeout()));
  }
}

void OnSoundResult(Turn& turn, OpenCommand& open, const CommandResult& result) {
  const std::int32_t number = result.number();
  const bool head = IsHead(turn.session(), number);
  const bool late = turn.session().lane().late_play() == number;
  switch (result.verdict()) {
    case CommandResult::VERDICT_NOT_SENT:
    case CommandResult::VERDICT_THROTTLED:
      if (head && turn.session().lane().state() == Lane::STATE_STARTING) {
        // Nothing of it can be heard: an end or an error that is told now is of an earlier sound.
        LaneOf(turn).clear_sent_time();
        RetryCertainFailure(turn, open, result);
        return;
      }
      turn.Close(number);
      if (head) EndHead(turn, PromptFinished::COMPLETION_FAILED, nullptr, false);
      if (late) IssueHeldHead(turn);
      return;
    case CommandResult::VERDICT_REFUSED:
      turn.Close(number);
      if (head) EndHead(turn, PromptFinished::COMPLETION_FAILED, nullptr, false);
      if (late) IssueHeldHead(turn);
      AskForTheCaller(turn);
      return;
    default:
      break;
  }
  // Accepted, or nobody knows: it counts as heard.
  turn.Close(number);
  if (late) {
    IssueStopPlay(turn, number);
    if (turn.session().lane().state() == Lane::STATE_HELD) HoldHead(turn);
    return;
  }
  if (!head) return;
  const Lane& lane = turn.session().lane();
  const bool doubted = result.verdict() == CommandResult::VERDICT_UNKNOWN &&
                       lane.content() == Lane::CONTENT_MUSIC && !lane.music_doubted() &&
                       lane.state() == Lane::STATE_STARTING;
  if (doubted) {
    LaneOf(turn).set_music_doubted(true);
    StopSound(turn);
    return;
  }
  TellStart(turn);
  if (turn.session().lane().state() == Lane::STATE_STOPPING) {
    // The stop may have overtaken it.
    StopHead(turn);
    return;
  }
  LaneOf(turn).set_state(Lane::STATE_PLAYING);
  if (result.verdict() == CommandResult::VERDICT_DONE) ShortenDeadline(turn);
}

void OnStopPlayResult(Turn& turn, const Command& command, const CommandResult& result) {
  IssueHeldHead(turn);
  const std::int32_t media = command.stop_play().media();
  const bool stopping = IsHead(turn.session(), media);
  const bool certainly_not_done = result.verdict() == CommandResult::VERDICT_NOT_SENT ||
                                  result.verdict() == CommandResult::VERDICT_THROTTLED;
  // It has stopped nothing: another one takes its place, but not for ever.
  Lane& lane = LaneOf(turn);
  if (stopping && certainly_not_done && turn.now() < StopAwaitedUntil(lane)) {
    lane.set_stops(lane.stops() - 1);
  }
  if (result.verdict() != CommandResult::VERDICT_REFUSED) return;  // The timers go on.
  AskForTheCaller(turn);
  // A stop is sent for the head only once the head is stopping.
  if (stopping && result.http_status() == 400 && turn.FindOpen(media) == nullptr) {
    EndHead(turn, PromptFinished::COMPLETION_CUT, nullptr, false);  // Nothing plays.
  }
}

void OnSoundFinished(Turn& turn, const ProviderEvent& event) {
  const Lane lane = LaneOf(turn);
  if (lane.state() == Lane::STATE_UNSPECIFIED || !lane.has_sent_time()) {
    turn.Ignore("nothing is being heard");
    return;
  }
  const ProviderEvent::Type fitting = IsRecorded(turn.session()) ? ProviderEvent::TYPE_PLAY_FINISHED
                                                                 : ProviderEvent::TYPE_SAY_FINISHED;
  if (event.type() != fitting) {
    turn.Ignore("the finished event is not of the head's type");
    return;
  }
  const std::string_view media = CustomData(event.playback().custom_data(), "media");
  const std::string head = absl::StrCat(lane.command());
  if (!media.empty() && media != head) {
    turn.Ignore("the finished event is of an earlier sound");
    return;
  }
  const Duration since_sent = turn.learned() - base::FromTimestamp(lane.sent_time());
  const Duration played = base::FromProtoDuration(event.playback().duration());
  if (played > since_sent + kDurationTolerance) {
    turn.Ignore("the finished event lasted longer than the head");
    return;
  }
  TellStart(turn);
  turn.Release(lane.command());
  const bool stopping = lane.state() == Lane::STATE_STOPPING;
  const auto completion = event.playback().completed() ? PromptFinished::COMPLETION_FULL
                                                       : PromptFinished::COMPLETION_CUT;
  EndHead(turn, completion, event.playback().has_duration() ? &played : nullptr, !stopping);
  const bool ran = since_sent >= base::FromProtoDuration(turn.timing().music_run_min());
  const bool ran_out = lane.content() == Lane::CONTENT_MUSIC && !stopping;
  if (ran_out && ran && lane.music_runs() < base::kMusicRunsMax) StartMusic(turn);
}

void OnSoundError(Turn& turn, const ProviderEvent& event) {
  const Lane& lane = turn.session().lane();
  if (lane.state() == Lane::STATE_UNSPECIFIED || !lane.has_sent_time()) return;
  if (event.action_type() != (IsRecorded(turn.session()) ? "PLAY" : "SAY")) return;
  turn.Release(lane.command());
  EndHead(turn, PromptFinished::COMPLETION_FAILED, nullptr, false);
}

void OnPromptTimer(Turn& turn) {
  const Lane& lane = turn.session().lane();
  const OpenCommand* open = turn.FindOpen(lane.command());
  const bool waits = open != nullptr && open->status() == OpenCommand::STATUS_PENDING;
  TellDeadline(turn, "prompt finished",
               turn.now() - base::FromTimestamp(waits ? open->issue_time() : lane.sent_time()));
  // Its end was not told, and the caller's may not have been told either.
  AskForTheCaller(turn);
  StopSound(turn);
}

// The head is given up although nothing proves its end.
void OnMediaEndTimer(Turn& turn, Time due) {
  Lane& lane = LaneOf(turn);
  const Time before = turn.now() - base::FromProtoDuration(turn.timing().stop_play_repeat());
  const OpenCommand* stop = turn.FindOpen(Command::kStopPlay);
  // The store, the provider's rates or a pause of the service keep it: it has its time first.
  const Time patience = StopAwaitedUntil(lane);
  const bool pending = stop != nullptr && stop->status() == OpenCommand::STATUS_PENDING;
  const bool fresh = pending && base::FromTimestamp(stop->issue_time()) > before;
  const bool kept = (pending || lane.stops() == 0) && turn.now() < patience;
  // During a pause no stop was repeated: one more has its time first.
  const bool late = due <= before && (stop != nullptr || lane.stops() < base::kStopPlaysMax);
  if (fresh || kept || late) {
    if (stop == nullptr) StopHead(turn);
    const Time again = turn.now() + base::FromProtoDuration(turn.timing().media_end());
    turn.SetTimer(Timer::KIND_MEDIA_END, "", kept ? std::min(again, patience) : again);
    return;
  }
  // It may begin to be heard yet: its answer is followed by one more stop.
  if (turn.FindOpen(lane.command()) != nullptr) lane.set_late_play(lane.command());
  EndHead(turn, PromptFinished::COMPLETION_ASSUMED, nullptr, false);
}

// The stop's answer is overdue: silence would be worse than a prompt that may be cut.
void OnSoundHeldTimer(Turn& turn) { IssueHead(turn); }

void OnStopPlayTimer(Turn& turn) {
  if (turn.session().lane().stops() >= base::kStopPlaysMax) return;
  const OpenCommand* open = turn.FindOpen(Command::kStopPlay);
  if (open == nullptr) {
    StopHead(turn);
  } else {
    turn.SetTimer(Timer::KIND_STOP_PLAY, "",
                  turn.now() + base::FromProtoDuration(turn.timing().stop_play_repeat()));
  }
}

}  // namespace callbridge::flow_before
