#include "server/flow/leg_requests.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/limits.h"
#include "server/flow/audio_facts.h"
#include "server/flow/conference_facts.h"
#include "server/flow/lane.h"
#include "server/flow/legs.h"
#include "server/flow/public_view.h"
#include "server/flow/requested_digits.h"
#include "server/flow/requested_sounds.h"

namespace callbridge::flow {
namespace {

void Refuse(Course& course, v1::ErrorReason reason, std::string_view why,
            std::string_view leg_id = {}) {
  course.Refuse(reason, leg_id);
  course.Ignore(why);
}

// Refuses what no session takes any more. Returns false if the session takes the request.
// takes_back: the request only ends what an earlier one began, so its number is bounded by theirs.
bool IsRefused(Course& course, bool takes_back = false) {
  if (!IsActive(course.session())) {
    Refuse(course, v1::ERROR_REASON_SESSION_OVER, "the outcome is decided");
    return true;
  }
  const bool too_many = course.session().inputs() >= base::kInputsBeforeRequestsAreRefused;
  if (too_many && !takes_back) {
    Refuse(course, v1::ERROR_REASON_TOO_MANY_REQUESTS, "too much was asked of the session");
    return true;
  }
  return false;
}

// Returns the leg if it is there, and refuses the request otherwise.
Leg* FindLiving(Course& course, const std::string& leg_id) {
  Leg* leg = FindLeg(course, leg_id);
  if (leg == nullptr || !IsSent(*leg)) {
    Refuse(course, v1::ERROR_REASON_LEG_NOT_FOUND, "the session shows no such leg", leg_id);
    return nullptr;
  }
  if (IsGone(*leg)) {
    Refuse(course, v1::ERROR_REASON_LEG_OVER, "the leg is gone", leg_id);
    return nullptr;
  }
  return leg;
}

Leg* FindJoined(Course& course, const std::string& leg_id) {
  Leg* leg = FindLiving(course, leg_id);
  if (leg == nullptr || IsJoined(*leg)) return leg;
  Refuse(course, v1::ERROR_REASON_LEG_NOT_JOINED, "the leg has not joined", leg_id);
  return nullptr;
}

// Returns the legs that are to hear the sound, in the order of the session. Empty means that the
// request is refused.
std::vector<const Leg*> HearersOf(Course& course, const internal::v1::RequestSound& request) {
  for (const std::string& leg_id : request.leg_ids()) {
    if (FindJoined(course, leg_id) == nullptr) return {};
  }
  std::vector<const Leg*> hearers;
  for (const Leg& leg : course.session().legs()) {
    const bool named =
        std::count(request.leg_ids().begin(), request.leg_ids().end(), leg.leg_id()) > 0;
    if (named || (request.leg_ids().empty() && IsJoined(leg) && !leg.unwanted()))
      hearers.push_back(&leg);
  }
  if (hearers.empty()) {
    Refuse(course, v1::ERROR_REASON_LEG_NOT_JOINED, "no leg has joined");
    return {};
  }
  for (const Leg* leg : hearers) {
    if (HasRoom(course.session(), *leg)) continue;
    Refuse(course, v1::ERROR_REASON_TOO_MANY_SOUNDS, "too much waits on the leg", leg->leg_id());
    return {};
  }
  return hearers;
}

void TellDigitsRequested(Course& course, const Leg& leg, const std::string& request_id,
                         bool capture, const std::string& requested_by) {
  SessionEvent& event = course.Emit(SessionEvent::DETAIL_NORMAL);
  v1::DigitsRequested& requested = *event.mutable_digits_requested();
  requested.set_leg_id(leg.leg_id());
  requested.set_request_id(request_id);
  requested.set_capture(capture);
  requested.set_client_identity(requested_by);
}

}  // namespace

void OnUpdateLeg(Course& course, const internal::v1::UpdateLeg& update) {
  if (IsRefused(course, !update.muted() && !update.deafened())) return;
  Leg* leg = FindLiving(course, update.leg_id());
  if (leg == nullptr) return;
  course.Accept();
  const bool changed =
      WantAudio(*leg, update.has_muted() ? std::optional(update.muted()) : std::nullopt,
                update.has_deafened() ? std::optional(update.deafened()) : std::nullopt);
  if (!changed) return course.Ignore("the leg is wanted like that already");
  SessionEvent& event = course.Emit(SessionEvent::DETAIL_NORMAL);
  v1::LegUpdateRequested& requested = *event.mutable_leg_update_requested();
  requested.set_leg_id(leg->leg_id());
  requested.set_mute_wanted(leg->audio().mute_wanted());
  requested.set_deafen_wanted(leg->audio().deafen_wanted());
  requested.set_client_identity(update.requested_by());
}

void OnRequestSound(Course& course, const internal::v1::RequestSound& request) {
  if (IsRefused(course)) return;
  const std::vector<const Leg*> hearers = HearersOf(course, request);
  if (hearers.empty()) return;
  course.Accept();
  internal::v1::RequestedSound sound = request.sound();
  if (sound.prompt().has_text() && !sound.prompt().has_voice()) {
    *sound.mutable_prompt()->mutable_voice() = course.session().plan().voice();
  }
  if (sound.has_capture()) {
    for (const Leg* leg : hearers) {
      TellDigitsRequested(course, *leg, sound.request_id(), true, request.requested_by());
    }
  } else {
    SessionEvent& event = course.Emit(SessionEvent::DETAIL_NORMAL);
    v1::PromptRequested& requested = *event.mutable_prompt_requested();
    for (const Leg* leg : hearers) requested.add_leg_ids(leg->leg_id());
    requested.set_request_id(sound.request_id());
    requested.set_client_identity(request.requested_by());
  }
  for (const Leg* leg : hearers) Queue(course, *leg, sound);
}

void OnStopSounds(Course& course, const internal::v1::StopSounds& request) {
  if (IsRefused(course, true)) return;
  if (!request.leg_id().empty() && FindLiving(course, request.leg_id()) == nullptr) return;
  course.Accept();
  std::vector<const Leg*> hearers;
  for (const Leg& leg : course.session().legs()) {
    const bool named = request.leg_id().empty() || leg.leg_id() == request.leg_id();
    if (named && HasRequested(course.session(), leg)) hearers.push_back(&leg);
  }
  if (hearers.empty()) return course.Ignore("no client's sound is heard or waits");
  SessionEvent& event = course.Emit(SessionEvent::DETAIL_NORMAL);
  v1::SoundsStopRequested& requested = *event.mutable_sounds_stop_requested();
  requested.set_leg_id(request.leg_id());
  requested.set_request_id(request.request_id());
  requested.set_client_identity(request.requested_by());
  for (const Leg* leg : hearers) StopRequested(course, *leg);
}

void OnRequestDigits(Course& course, const internal::v1::RequestDigits& request) {
  if (IsRefused(course)) return;
  const Leg* leg = FindJoined(course, request.leg_id());
  if (leg == nullptr) return;
  course.Accept();
  TellDigitsRequested(course, *leg, request.request_id(), false, request.requested_by());
  SendDigits(course, *leg, request);
}

}  // namespace callbridge::flow
