#include "server/flow/sound_results.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "server/base/limits.h"
#include "server/flow/lane.h"
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

// Shortens the deadline of a prompt that the provider has accepted, if the worker knows how long it
// is.
void ShortenDeadline(Orders& orders, const Leg& leg) {
  const Lane& lane = LaneOf(orders.session(), leg);
  if (lane.content() != Lane::CONTENT_PROMPT) return;
  const std::optional<Duration> known =
      KnownDeadline(orders.input().prompt_lengths(), lane.prompt());
  if (!known) return;
  const Time latest = base::FromTimestamp(lane.sent_time()) + DeadlineOfHead(orders, lane);
  orders.SetTimer(Timer::KIND_PROMPT, leg.leg_id(), std::min(latest, orders.learned() + *known));
}

// Returns until when the lane waits for a stop that has not left. A prompt of the plan is stopped
// when its time is over, so its stop is not waited for.
Time StopAwaitedUntil(const Lane& lane) {
  if (lane.content() != Lane::CONTENT_MUSIC && !lane.has_requested()) return {};
  return base::FromTimestamp(lane.stop_time()) + kStopAwaited;
}

bool IsHead(const Session& session, const Leg& leg, std::int32_t number) {
  const Lane& lane = LaneOf(session, leg);
  return lane.state() != Lane::STATE_UNSPECIFIED && lane.command() == number;
}

// Asks whether the person who hears the lane is still there. No phase waits for the answer if a
// client asked for the sound, or if the person is a callee.
void AskForTheHearer(Orders& orders, const Leg& leg, bool requested) {
  if (leg.role() == v1::Leg::ROLE_CALLER && !requested) return AskForTheCaller(orders);
  if (Leg* hearer = FindLeg(orders, leg.leg_id())) LookAtCall(orders, *hearer);
}

const Leg& HearerOf(Orders& orders, const Command& sound) {
  const Leg* leg = FindLeg(orders, sound.leg_id());
  Require(leg != nullptr, "a sound is heard by a leg");
  return *leg;
}

}  // namespace

void OnSoundTaken(Orders& orders, const OpenCommand& open) {
  const Leg& leg = HearerOf(orders, open.command());
  if (!IsHead(orders.session(), leg, open.command().number())) return;
  Lane& lane = orders.lane(leg);
  *lane.mutable_sent_time() = base::ToTimestamp(orders.learned());
  if (lane.content() != Lane::CONTENT_MUSIC) {
    orders.SetTimer(Timer::KIND_PROMPT, leg.leg_id(),
                    orders.learned() + DeadlineOfHead(orders, lane));
  }
}

void OnSoundResult(Orders& orders, OpenCommand& open, const CommandResult& result) {
  const Leg& leg = HearerOf(orders, open.command());
  const std::int32_t number = result.number();
  const bool head = IsHead(orders.session(), leg, number);
  const bool late = LaneOf(orders.session(), leg).late_play() == number;
  const bool requested = LaneOf(orders.session(), leg).has_requested();
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
      if (head) EndHead(orders, leg, {});
      if (late) IssueHeldHead(orders, leg);
      return;
    case CommandResult::VERDICT_REFUSED:
      orders.Close(number);
      if (head) EndHead(orders, leg, {});
      if (late) IssueHeldHead(orders, leg);
      AskForTheHearer(orders, leg, requested);
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
    SendStop(orders, leg);
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
  AskForTheHearer(orders, leg, lane.has_requested());
  // A stop names the head only if the head is stopping. 400 says that nothing plays, so the sound
  // is over if its play was answered.
  if (stopping && result.http_status() == 400 && orders.FindOpen(media) == nullptr) {
    EndHead(orders, leg, {.completion = PromptFinished::COMPLETION_CUT, .untold = true});
  }
}

void OnSoundEnded(Orders& orders, const Leg& leg, const SoundEnded& ended) {
  const Lane lane = orders.lane(leg);
  const bool ran_out = ended.finished && lane.state() != Lane::STATE_STOPPING;
  EndHead(orders, leg,
          {.completion = ended.completion,
           .played = ended.played,
           .ran_out = ran_out,
           .captured = ended.captured ? &*ended.captured : nullptr});
  const bool ran = ended.after >= base::FromProtoDuration(orders.timing().music_run_min());
  if (ran_out && ran && lane.content() == Lane::CONTENT_MUSIC) StartMusic(orders, leg);
}

void OnPromptTimer(Orders& orders, const Leg& leg) {
  const Lane& lane = LaneOf(orders.session(), leg);
  const OpenCommand* open = orders.FindOpen(lane.command());
  const bool waits = open != nullptr && open->status() == Command::STATUS_PENDING;
  const bool captures = lane.content() == Lane::CONTENT_CAPTURE;
  TellDeadline(orders, captures ? "keys captured" : "prompt finished",
               orders.now() - base::FromTimestamp(waits ? open->issue_time() : lane.sent_time()));
  // The end of the prompt was not told, and the end of the person's call may not have been told
  // either.
  AskForTheHearer(orders, leg, lane.has_requested());
  StopHead(orders, leg, Unsent::kFails);
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
    if (stop == nullptr) SendStop(orders, leg);
    const Time again = orders.now() + base::FromProtoDuration(orders.timing().media_end());
    orders.SetTimer(Timer::KIND_MEDIA_END, leg.leg_id(), kept ? std::min(again, patience) : again);
    return;
  }
  // The sound may still begin. Then the answer to its play is followed by one more stop.
  if (orders.FindOpen(lane.command()) != nullptr) lane.set_late_play(lane.command());
  EndHead(orders, leg, {.completion = PromptFinished::COMPLETION_ASSUMED, .untold = true});
}

// The stop's answer is overdue. Silence would be worse than a prompt that may be cut.
void OnSoundHeldTimer(Orders& orders, const Leg& leg) { IssueHead(orders, leg); }

void OnStopPlayTimer(Orders& orders, const Leg& leg) {
  if (LaneOf(orders.session(), leg).stops() >= base::kStopPlaysMax) return;
  const OpenCommand* open = orders.FindOpen(Command::kStopPlay, leg.leg_id());
  if (open == nullptr) {
    SendStop(orders, leg);
  } else {
    orders.SetTimer(Timer::KIND_STOP_PLAY, leg.leg_id(),
                    orders.now() + base::FromProtoDuration(orders.timing().stop_play_repeat()));
  }
}

}  // namespace callbridge::flow
