#include "server/flow/lane.h"

#include <algorithm>
#include <optional>

#include "server/base/limits.h"
#include "server/flow/notice_facts.h"
#include "server/flow/prompt_time.h"
#include "server/flow/sound_commands.h"
#include "server/flow/sound_facts.h"

namespace callbridge::flow {
namespace {

using v1::PromptFinished;

// Returns what the head captures keys for.
internal::v1::RequestedSound CaptureOfHead(const Session& session, const Lane& lane) {
  return IsNotice(lane) ? NoticeCapture(session) : lane.requested();
}

Command MakeNoticeCapture(Orders& orders, const Leg& leg) {
  Command command = MakeCapture(orders, leg, NoticeCapture(orders.session()));
  internal::v1::CaptureDigits& capture = *command.mutable_capture_digits();
  // Of the keys only the refusing one is kept.
  capture.set_keep(false);
  capture.set_refusing_key(orders.session().plan().recording().notice().refusing_key());
  return command;
}

Command MakeHead(Orders& orders, const Leg& leg, const Lane& lane) {
  switch (lane.content()) {
    case Lane::CONTENT_PROMPT:
      return MakePlayPrompt(orders, leg, PromptOfHead(orders.session(), lane));
    case Lane::CONTENT_CAPTURE:
      return IsNotice(lane) ? MakeNoticeCapture(orders, leg)
                            : MakeCapture(orders, leg, lane.requested());
    default:
      return MakePlayMusic(orders, leg);
  }
}

// True if a play is unanswered that the lane has gone on without. One more stop follows its answer.
bool IsLatePlayOut(Orders& orders, const Leg& leg) {
  return orders.FindOpen(orders.lane(leg).late_play()) != nullptr;
}

bool IsStopOut(Orders& orders, const Leg& leg) {
  return orders.FindOpen(Command::kStopPlay, leg.leg_id()) != nullptr;
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

// Removes the head from the lane, and keeps what concerns the session as a whole.
void ClearHead(Orders& orders, const Leg& leg) {
  Lane& lane = orders.lane(leg);
  CancelStops(orders, lane.command());
  Lane next;
  next.set_leg_id(leg.leg_id());
  next.set_music_runs(lane.music_runs());
  next.set_late_play(lane.late_play());
  next.set_music_doubted(lane.music_doubted());
  next.set_music_owed(lane.music_owed());
  next.set_untold_end(lane.untold_end());
  next.set_untold_capture(lane.untold_capture());
  *next.mutable_waiting() = lane.waiting();
  lane = next;
  for (const Timer::Kind kind :
       {Timer::KIND_PROMPT, Timer::KIND_MEDIA_END, Timer::KIND_STOP_PLAY, Timer::KIND_SOUND_HELD}) {
    orders.ClearTimer(kind, leg.leg_id());
  }
}

void TellHeadEnd(Orders& orders, const Leg& leg, const HeadEnd& end) {
  const Lane& lane = LaneOf(orders.session(), leg);
  if (lane.has_requested()) {
    TellRequestedEnd(orders, leg, lane.requested(), end.completion, end.played, end.captured);
  } else if (lane.content() == Lane::CONTENT_PROMPT || IsNotice(lane)) {
    SessionEvent& event = orders.Emit(SessionEvent::DETAIL_NORMAL);
    PromptFinished& finished = *event.mutable_prompt_finished();
    finished.set_prompt(lane.prompt());
    finished.set_leg_id(leg.leg_id());
    finished.set_completion(end.completion);
    if (end.played) *finished.mutable_played_duration() = base::ToProtoDuration(*end.played);
    if (IsNotice(lane)) NoteNoticeEnd(orders, leg, end.completion, end.played, end.captured);
  } else if (lane.told()) {
    SessionEvent& event = orders.Emit(SessionEvent::DETAIL_NORMAL);
    v1::MusicStopped& stopped = *event.mutable_music_stopped();
    if (lane.has_stop_time()) {
      *stopped.mutable_stop_duration() = base::ToProtoDuration(
          std::max(Duration::zero(), orders.learned() - base::FromTimestamp(lane.stop_time())));
    }
    stopped.set_ran_out(end.ran_out);
  }
}

// Tells the clients that what they asked for, and waits, is never heard.
void DropWaiting(Orders& orders, const Leg& leg) {
  const Lane lane = LaneOf(orders.session(), leg);
  if (lane.waiting_size() == 0) return;
  orders.lane(leg).clear_waiting();
  for (const internal::v1::RequestedSound& sound : lane.waiting()) {
    TellRequestedEnd(orders, leg, sound, PromptFinished::COMPLETION_FAILED, std::nullopt, nullptr);
  }
}

}  // namespace

void StartPrompt(Orders& orders, const Leg& leg, v1::PromptKind kind) {
  Require(IsQuiet(orders.session(), leg), "a prompt begins on a quiet lane");
  if (!IsSilent(PromptOf(orders.session().plan(), kind)))
    Begin(orders, leg, Lane::CONTENT_PROMPT, kind);
}

void StartNotice(Orders& orders, const Leg& leg) {
  Require(IsQuiet(orders.session(), leg), "a notice begins on a quiet lane");
  const bool captures = !orders.session().plan().recording().notice().refusing_key().empty();
  Begin(orders, leg, captures ? Lane::CONTENT_CAPTURE : Lane::CONTENT_PROMPT,
        v1::PROMPT_KIND_NOTICE);
}

void StartMusic(Orders& orders, const Leg& leg) {
  Require(IsQuiet(orders.session(), leg), "music begins on a quiet lane");
  const v1::Audio& audio = orders.session().plan().music().audio();
  if (audio.source_case() == v1::Audio::SOURCE_NOT_SET) return;
  Lane& lane = orders.lane(leg);
  lane.set_music_owed(lane.waiting_size() > 0);
  if (lane.music_owed() || lane.music_runs() >= base::kMusicRunsMax) return;
  Begin(orders, leg, Lane::CONTENT_MUSIC, v1::PROMPT_KIND_UNSPECIFIED);
}

void StartRequested(Orders& orders, const Leg& leg) {
  Require(IsQuiet(orders.session(), leg), "what a client asked for begins on a quiet lane");
  Lane& lane = orders.lane(leg);
  *lane.mutable_requested() = lane.waiting(0);
  lane.mutable_waiting()->DeleteSubrange(0, 1);
  const bool captures = lane.requested().has_capture();
  Begin(orders, leg, captures ? Lane::CONTENT_CAPTURE : Lane::CONTENT_PROMPT,
        v1::PROMPT_KIND_REQUESTED);
}

void StopSound(Orders& orders, const Leg& leg) { StopHead(orders, leg, Unsent::kWaits); }

void StopRequested(Orders& orders, const Leg& leg) {
  DropWaiting(orders, leg);
  if (LaneOf(orders.session(), leg).has_requested()) StopHead(orders, leg, Unsent::kFails);
}

void ForgetRequested(Orders& orders, const Leg& leg) {
  const Lane lane = LaneOf(orders.session(), leg);
  if (lane.has_requested()) {
    const OpenCommand* open = orders.FindOpen(lane.command());
    const bool pending = open != nullptr && open->status() == Command::STATUS_PENDING;
    if (pending) orders.Cancel(lane.command());
    // What has left may have been heard.
    const bool left = lane.has_sent_time();
    TellHeadEnd(
        orders, leg,
        {.completion = left ? PromptFinished::COMPLETION_CUT : PromptFinished::COMPLETION_FAILED});
    ClearHead(orders, leg);
  }
  DropWaiting(orders, leg);
}

void AbandonLanes(Orders& orders) {
  for (const Leg& leg : orders.session().legs()) {
    if (HasLane(orders.session(), leg)) ForgetRequested(orders, leg);
    if (!IsQuiet(orders.session(), leg)) ClearHead(orders, leg);
    if (HasLane(orders.session(), leg)) orders.lane(leg).clear_late_play();
  }
}

Duration DeadlineOfHead(Orders& orders, const Lane& lane) {
  return lane.content() == Lane::CONTENT_CAPTURE
             ? CaptureDeadline(CaptureOfHead(orders.session(), lane), orders.timing())
             : PromptDeadline(PromptOfHead(orders.session(), lane), orders.timing());
}

void IssueHead(Orders& orders, const Leg& leg) {
  Lane& lane = orders.lane(leg);
  const Command command = MakeHead(orders, leg, lane);
  if (lane.content() == Lane::CONTENT_MUSIC) {
    lane.set_music_runs(lane.music_runs() + 1);
  } else {
    orders.SetTimer(Timer::KIND_PROMPT, leg.leg_id(), orders.now() + DeadlineOfHead(orders, lane));
  }
  orders.ClearTimer(Timer::KIND_SOUND_HELD, leg.leg_id());
  lane.set_command(orders.Issue(command));
  lane.set_state(Lane::STATE_STARTING);
}

void HoldHead(Orders& orders, const Leg& leg) {
  orders.lane(leg).set_state(Lane::STATE_HELD);
  if (IsLatePlayOut(orders, leg)) return;
  orders.SetTimer(Timer::KIND_SOUND_HELD, leg.leg_id(),
                  orders.now() + base::FromProtoDuration(orders.timing().stop_play_repeat()));
}

void IssueHeldHead(Orders& orders, const Leg& leg) {
  const bool held = orders.lane(leg).state() == Lane::STATE_HELD;
  if (held && !IsStopOut(orders, leg) && !IsLatePlayOut(orders, leg)) IssueHead(orders, leg);
}

// Remembers that the end of the head may still be told. The events of the notice itself are apart:
// a late one proves what it tells.
void NoteUntoldEnd(Orders& orders, const Leg& leg) {
  Lane& lane = orders.lane(leg);
  if (IsNotice(lane)) return;
  if (lane.content() == Lane::CONTENT_CAPTURE) lane.set_untold_capture(true);
  if (lane.content() != Lane::CONTENT_PROMPT) return;
  if (PromptOfHead(orders.session(), lane).has_text()) lane.set_untold_end(true);
}

void EndHead(Orders& orders, const Leg& leg, const HeadEnd& end) {
  const Lane lane = orders.lane(leg);
  TellHeadEnd(orders, leg, end);
  if (end.untold) NoteUntoldEnd(orders, leg);
  ClearHead(orders, leg);
  // While the caller waits, the flow stops music for two reasons: its play had no answer, so it may
  // not be heard, or it gives way to what a client asked for. Either way the music is started
  // again.
  const bool wanted = lane.content() == Lane::CONTENT_MUSIC &&
                      (lane.state() == Lane::STATE_STOPPING || lane.music_owed());
  if (wanted && CallerWaits(orders)) {
    const bool counted = lane.command() != 0;
    if (counted && !lane.told()) orders.lane(leg).set_music_runs(lane.music_runs() - 1);
    StartMusic(orders, leg);
  }
}

void SendStop(Orders& orders, const Leg& leg) {
  Lane& lane = orders.lane(leg);
  lane.set_stops(lane.stops() + 1);
  orders.Issue(MakeStopPlay(orders, leg, lane.command()));
  orders.SetTimer(Timer::KIND_STOP_PLAY, leg.leg_id(),
                  orders.now() + base::FromProtoDuration(orders.timing().stop_play_repeat()));
}

void StopHead(Orders& orders, const Leg& leg, Unsent unsent) {
  Lane& lane = orders.lane(leg);
  if (lane.state() == Lane::STATE_UNSPECIFIED || lane.state() == Lane::STATE_STOPPING) return;
  const OpenCommand* open = orders.FindOpen(lane.command());
  const bool pending = open != nullptr && open->status() == Command::STATUS_PENDING;
  if (pending) orders.Cancel(lane.command());
  if (pending || lane.state() == Lane::STATE_HELD) {
    if (!lane.has_requested() || unsent == Unsent::kFails) return EndHead(orders, leg, {});
    const internal::v1::RequestedSound sound = lane.requested();
    ClearHead(orders, leg);
    auto& waiting = *orders.lane(leg).mutable_waiting();
    *waiting.Add() = sound;
    std::rotate(waiting.begin(), waiting.end() - 1, waiting.end());
    return;
  }
  lane.set_state(Lane::STATE_STOPPING);
  *lane.mutable_stop_time() = base::ToTimestamp(orders.now());
  orders.ClearTimer(Timer::KIND_PROMPT, leg.leg_id());
  orders.SetTimer(Timer::KIND_MEDIA_END, leg.leg_id(),
                  orders.now() + base::FromProtoDuration(orders.timing().media_end()));
  SendStop(orders, leg);
}

}  // namespace callbridge::flow
