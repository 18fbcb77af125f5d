#include "server/flow/audio.h"

#include "server/flow/audio_facts.h"
#include "server/flow/conference_facts.h"
#include "server/flow/legs.h"
#include "server/flow/looks.h"
#include "server/flow/retry.h"

namespace callbridge::flow {
namespace {

using internal::v1::Audio;

// After this many commands that nothing confirmed, the change is given up.
constexpr int kAttemptsMax = 6;

bool SaysWhatIsWanted(const internal::v1::UpdateAudio& update, const Audio& audio) {
  return update.muted() == audio.mute_wanted() && update.deafened() == audio.deafen_wanted();
}

// True if the provider has still to be asked for what clients want.
bool IsToBeAsked(const Leg& leg) {
  const Audio& audio = leg.audio();
  if (!audio.asking()) return !IsAudioAsWanted(leg);
  return audio.mute_asked() != audio.mute_wanted() || audio.deafen_asked() != audio.deafen_wanted();
}

Duration PauseOf(Orders& orders, const Leg& leg) {
  const Duration first = base::FromProtoDuration(orders.timing().audio_confirm());
  const Duration most = base::FromProtoDuration(orders.timing().hangup_backoff_max());
  return base::Doubled(first, leg.audio().attempts() - 1, most);
}

void AwaitConfirmation(Orders& orders, const Leg& leg) {
  orders.SetTimer(Timer::KIND_AUDIO, leg.leg_id(), orders.now() + PauseOf(orders, leg));
}

void IssueUpdate(Orders& orders, Leg& leg) {
  Audio& audio = *leg.mutable_audio();
  audio.set_attempts(audio.attempts() + 1);
  audio.set_asking(true);
  audio.set_mute_asked(audio.mute_wanted());
  audio.set_deafen_asked(audio.deafen_wanted());
  audio.clear_check_time();
  orders.ClearTimer(Timer::KIND_AUDIO, leg.leg_id());
  Command command;
  command.set_leg_id(leg.leg_id());
  command.set_base_url(orders.session().conference().base_url());
  command.set_dial(leg.dial());
  internal::v1::UpdateAudio& update = *command.mutable_update_audio();
  update.set_conference_id(orders.session().conference().conference_id());
  update.set_call_id(leg.call_id());
  update.set_muted(audio.mute_wanted());
  update.set_deafened(audio.deafen_wanted());
  orders.Issue(command);
}

// The leg stays as it is, so that is what is wanted from now on.
void GiveUp(Orders& orders, Leg& leg, const v1::ProviderError* error) {
  Audio& audio = *leg.mutable_audio();
  audio.set_mute_wanted(audio.muted());
  audio.set_deafen_wanted(audio.deafened());
  audio.set_asking(false);
  audio.set_attempts(0);
  orders.ClearTimer(Timer::KIND_AUDIO, leg.leg_id());
  SessionEvent& event = orders.Emit(SessionEvent::DETAIL_NORMAL);
  v1::LegUpdateFailed& failed = *event.mutable_leg_update_failed();
  failed.set_leg_id(leg.leg_id());
  failed.set_muted(audio.muted());
  failed.set_deafened(audio.deafened());
  if (error != nullptr) *failed.mutable_provider_error() = *error;
}

void SettleLeg(Orders& orders, Leg& leg) {
  const OpenCommand* open = orders.FindOpen(Command::kUpdateAudio, leg.leg_id());
  if (open != nullptr) {
    const bool pending = open->status() == Command::STATUS_PENDING;
    const bool wanted =
        IsJoined(leg) && SaysWhatIsWanted(open->command().update_audio(), leg.audio());
    if (!pending || wanted) return;
    orders.Cancel(open->command().number());
  }
  if (!IsJoined(leg) || !IsConferenceKnown(orders.session())) return;
  if (!IsToBeAsked(leg)) {
    if (!leg.audio().asking()) leg.mutable_audio()->set_attempts(0);
    return;
  }
  if (leg.audio().attempts() >= kAttemptsMax) return GiveUp(orders, leg, nullptr);
  IssueUpdate(orders, leg);
}

}  // namespace

void SettleAudio(Orders& orders) {
  if (!IsActive(orders.session())) return;
  for (Leg& leg : orders.legs()) {
    if (leg.has_audio()) SettleLeg(orders, leg);
  }
}

void OnUpdateAudioResult(Orders& orders, OpenCommand& open, const CommandResult& result) {
  const Command command = open.command();
  Leg* leg = FindLeg(orders, command.leg_id());
  Require(leg != nullptr, "a person who is muted has a leg");
  const bool wanted = IsActive(orders.session()) && IsJoined(*leg) &&
                      SaysWhatIsWanted(command.update_audio(), leg->audio());
  if (wanted && IsCertainFailure(result)) return RetryCertainFailure(orders, open, result);
  orders.Close(command.number());
  if (!wanted || !leg->audio().asking()) return;
  if (result.verdict() == CommandResult::VERDICT_REFUSED) {
    GiveUp(orders, *leg, result.has_error() ? &result.error() : nullptr);
    return;
  }
  AwaitConfirmation(orders, *leg);
}

void OnAudioTimer(Orders& orders, Leg& leg) {
  if (!leg.audio().asking()) return;
  // A look that lasts longer than the pause counts when it is answered, so the first check stands.
  if (!leg.audio().has_check_time()) {
    *leg.mutable_audio()->mutable_check_time() = base::ToTimestamp(orders.now());
  }
  LookAtConference(orders);
  AwaitConfirmation(orders, leg);
}

void OnAudioLookedAt(Orders& orders, Time asked) {
  for (Leg& leg : orders.legs()) {
    if (!leg.audio().asking() || !leg.audio().has_check_time()) continue;
    if (asked < base::FromTimestamp(leg.audio().check_time())) continue;
    leg.mutable_audio()->set_asking(false);
    leg.mutable_audio()->clear_check_time();
    orders.ClearTimer(Timer::KIND_AUDIO, leg.leg_id());
  }
}

}  // namespace callbridge::flow
