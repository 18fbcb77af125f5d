#include "tests/simulator/sounds.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_format.h>

#include <cmath>
#include <utility>

#include "tests/simulator/captures.h"
#include "tests/simulator/events.h"
#include "tests/simulator/named.h"

namespace callbridge::simulator {
namespace {

// A call or a conference, as far as its sounds are concerned.
class Listener {
 public:
  Listener(World& world, Call& call) : world_(world), call_(&call) {}
  Listener(World& world, Conference& conference) : world_(world), conference_(&conference) {}

  Sounds& sounds() { return call_ != nullptr ? call_->sounds : conference_->sounds; }

  // True if keys are captured, and no stop-play has come since.
  bool IsCapturing() const {
    return call_ != nullptr && call_->capture.has_value() && !call_->capture->stopped;
  }

  // After a stop-play: what begins now does not overlap with the capture, and the capture ends as
  // the switch says. Returns true if there was one.
  bool StopCapture() {
    if (call_ == nullptr || !call_->capture.has_value()) return false;
    call_->capture->stopped = true;
    if (world_.settings.switches.stop_play_ends_capture) EndCapture(world_, *call_, "", true);
    return true;
  }

  void Begin() {
    Sound& sound = sounds().front();
    sound.began = world_.now;
    sound.number = ++world_.sounds_begun;
    NoteAll("hears " + sound.what);
    const auto kind =
        call_ != nullptr ? Timer::Kind::kCallSoundEnds : Timer::Kind::kConferenceSoundEnds;
    SetTimer(world_, sound.length,
             {kind, call_ != nullptr ? call_->id : conference_->id, sound.number});
  }

  // Takes the front sound away and reports it.
  void End(bool by_itself, bool reported) {
    const Sound sound = std::move(sounds().front());
    sounds().pop_front();
    const base::Duration heard = world_.now - sound.began;
    const bool completely = by_itself && sound.complete;
    NoteAll(absl::StrFormat("%s after %d ms%s", sound.say ? "say ended" : "play ended",
                            std::chrono::duration_cast<std::chrono::milliseconds>(heard).count(),
                            completely ? "" : ", cut"));
    if (reported) Report(sound, heard, completely);
  }

  // All of them: what sounds is cut, what waits is never heard.
  void EndAll(bool reported) {
    if (sounds().empty()) return;
    End(false, reported);
    while (!sounds().empty()) {
      const Sound sound = std::move(sounds().front());
      sounds().pop_front();
      NoteAll("never hears " + sound.what);
      if (reported) Report(sound, base::Duration::zero(), false);
    }
  }

  void Report(const Sound& sound, base::Duration heard, bool completely) {
    if (sound.of_capture) return;
    if (call_ != nullptr) return ReportSound(world_, call_, nullptr, sound, heard, completely);
    if (world_.settings.switches.conference_sound == ConferenceSound::kOnce) {
      return ReportSound(world_, nullptr, conference_, sound, heard, completely);
    }
    ForEachJoined(
        [&](Call& call) { ReportSound(world_, &call, conference_, sound, heard, completely); });
  }

  template <typename Visit>
  void ForEachJoined(const Visit& visit) {
    for (const Participant& participant : conference_->participants) {
      if (participant.state != ParticipantState::kJoined) continue;
      if (Call* call = world_.calls.Find(participant.call_id)) visit(*call);
    }
  }

 private:
  void NoteAll(const std::string& text) {
    if (call_ != nullptr) return Note(world_, call_->timeline, text);
    Note(world_, conference_->timeline, text);
    ForEachJoined([&](Call& call) { Note(world_, call.timeline, "with all others " + text); });
  }

  World& world_;
  Call* call_ = nullptr;
  Conference* conference_ = nullptr;
};

SoundAccepted Start(World& world, Listener listener, Sound sound) {
  const bool overlaps = !listener.sounds().empty() || listener.IsCapturing();
  if (overlaps) {
    ++world.journal.overlaps;
    switch (world.settings.switches.overlap) {
      case Overlap::kQueue:
        if (listener.sounds().empty()) break;
        listener.sounds().push_back(std::move(sound));
        return SoundAccepted::kYes;
      case Overlap::kReplace:
        listener.EndAll(world.settings.switches.interrupted_sound_finishes);
        break;
      case Overlap::kRefuse:
        return SoundAccepted::kRefused;
      case Overlap::kError:
        return SoundAccepted::kFailsLater;
    }
  }
  listener.sounds().push_back(std::move(sound));
  listener.Begin();
  return SoundAccepted::kYes;
}

void OnEnd(Listener listener, std::uint64_t sound) {
  Sounds& sounds = listener.sounds();
  if (sounds.empty() || sounds.front().number != sound) return;
  listener.End(true, true);
  if (!sounds.empty()) listener.Begin();
}

// True if something sounded.
bool Stop(World& world, Listener listener) {
  const Switches& switches = world.settings.switches;
  const bool captured = listener.StopCapture();
  if (listener.sounds().empty()) return captured && switches.stop_play_ends_capture;
  if (listener.sounds().front().say && !switches.stop_play_stops_say) return true;
  listener.EndAll(switches.interrupted_sound_finishes);
  return true;
}

// False if it is refused.
bool StopNothing(World& world, Listener listener) {
  const IdleStopPlay idle = world.settings.switches.idle_stop_play;
  if (idle == IdleStopPlay::kEvent) listener.Report(Sound{}, base::Duration::zero(), false);
  return idle != IdleStopPlay::kRefused;
}

bool IsJoined(const World& world, const Call& call) {
  const Conference* conference = world.conferences.Find(call.conference_id);
  const Participant* participant =
      conference == nullptr ? nullptr : FindParticipant(*conference, call.id);
  return participant != nullptr && participant->state == ParticipantState::kJoined;
}

// The seconds of <break time="1.5s"/> or "500ms"; zero for any other tag.
base::Duration BreakOf(std::string_view tag) {
  const std::size_t time = tag.find("time=");
  if (!tag.starts_with("<break") || time == std::string_view::npos) return base::Duration::zero();
  const char quote = tag.size() > time + 5 ? tag[time + 5] : '"';
  const std::size_t end = tag.find(quote, time + 6);
  if (end == std::string_view::npos) return base::Duration::zero();
  return ParseDuration(tag.substr(time + 6, end - time - 6)).value_or(base::Duration::zero());
}

}  // namespace

SoundAccepted StartSound(World& world, Call& call, Sound sound) {
  return Start(world, Listener(world, call), std::move(sound));
}

SoundAccepted StartSound(World& world, Conference& conference, Sound sound) {
  return Start(world, Listener(world, conference), std::move(sound));
}

bool StopSounds(World& world, Call& call) {
  Note(world, call.timeline, "stop-play");
  const bool in_vain = world.settings.switches.stop_play_scope == StopPlayScope::kConference;
  if (in_vain && IsJoined(world, call)) return true;
  Listener listener(world, call);
  return Stop(world, listener) || StopNothing(world, listener);
}

bool StopSounds(World& world, Conference& conference) {
  Note(world, conference.timeline, "stop-play");
  Listener listener(world, conference);
  bool stopped = Stop(world, listener);
  if (world.settings.switches.stop_play_scope != StopPlayScope::kCall) {
    listener.ForEachJoined([&](Call& call) {
      Note(world, call.timeline, "stop-play by the conference");
      if (Stop(world, Listener(world, call))) stopped = true;
    });
  }
  return stopped || StopNothing(world, listener);
}

void CutFrontSound(World& world, Call& call) {
  Listener listener(world, call);
  listener.End(false, true);
  if (!listener.sounds().empty()) listener.Begin();
}

void CutSounds(World& world, Call& call) {
  Listener(world, call).EndAll(world.settings.switches.finished_on_hangup);
}

void CutSounds(World& world, Conference& conference) {
  Listener(world, conference).EndAll(world.settings.switches.finished_on_hangup);
}

void OnSoundEnds(World& world, Call& call, std::uint64_t sound) {
  OnEnd(Listener(world, call), sound);
}

void OnSoundEnds(World& world, Conference& conference, std::uint64_t sound) {
  OnEnd(Listener(world, conference), sound);
}

base::Duration EstimateSpeech(std::string_view text, double rate) {
  double seconds = 0.3;
  base::Duration breaks = base::Duration::zero();
  for (std::size_t index = 0; index < text.size(); ++index) {
    const auto byte = static_cast<unsigned char>(text[index]);
    const std::size_t close = text[index] == '<' ? text.find('>', index) : std::string_view::npos;
    if (close != std::string_view::npos) {
      breaks += BreakOf(text.substr(index, close - index + 1));
      index = close;
      continue;
    }
    // One for each code point; U+2E80 and all above begin with a byte from 0xE2 0xBA up, taken here
    // as 0xE3 up.
    if ((byte & 0xc0U) != 0x80U) seconds += byte >= 0xe3U ? 0.2 : 0.06;
  }
  return base::Duration(std::llround(seconds / rate * 1e9)) + breaks;
}

}  // namespace callbridge::simulator
