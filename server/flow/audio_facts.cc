#include "server/flow/audio_facts.h"

#include "server/flow/legs.h"

namespace callbridge::flow {

bool WantAudio(Leg& leg, std::optional<bool> muted, std::optional<bool> deafened) {
  const internal::v1::Audio before = leg.audio();
  const bool mute = muted.value_or(before.mute_wanted());
  const bool deafen = deafened.value_or(before.deafen_wanted());
  if (mute == before.mute_wanted() && deafen == before.deafen_wanted()) return false;
  leg.mutable_audio()->set_wished(true);
  leg.mutable_audio()->set_mute_wanted(mute);
  leg.mutable_audio()->set_deafen_wanted(deafen);
  leg.mutable_audio()->set_attempts(0);
  return true;
}

bool IsAudioAsWanted(const Leg& leg) {
  const internal::v1::Audio& audio = leg.audio();
  return !audio.asking() && audio.mute_wanted() == audio.muted() &&
         audio.deafen_wanted() == audio.deafened();
}

bool NoteAudio(Knowledge& known, Leg& leg, const internal::v1::AudioFacts& facts) {
  if (!IsJoined(leg)) return false;
  const internal::v1::Audio before = leg.audio();
  const bool confirmed = before.asking() && facts.muted() == before.mute_asked() &&
                         facts.deafened() == before.deafen_asked();
  if (confirmed) leg.mutable_audio()->set_asking(false);
  if (facts.muted() == before.muted() && facts.deafened() == before.deafened()) return confirmed;
  internal::v1::Audio& audio = *leg.mutable_audio();
  audio.set_muted(facts.muted());
  audio.set_deafened(facts.deafened());
  // What another program of the account has changed stays, unless a client of ours wants it
  // otherwise.
  if (!before.wished()) {
    audio.set_mute_wanted(facts.muted());
    audio.set_deafen_wanted(facts.deafened());
  }
  SessionEvent& event = known.Emit(SessionEvent::DETAIL_NORMAL);
  event.mutable_leg_updated()->set_leg_id(leg.leg_id());
  event.mutable_leg_updated()->set_muted(audio.muted());
  event.mutable_leg_updated()->set_deafened(audio.deafened());
  return true;
}

}  // namespace callbridge::flow
