#include "server/flow/conference_facts.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "server/base/marks.h"
#include "server/flow/adoption.h"
#include "server/flow/leg_facts.h"
#include "server/flow/legs.h"

namespace callbridge::flow {
namespace {

// How long greeting, ringing and announcement may take in addition to the talk.
constexpr std::chrono::minutes kAroundTheTalk{10};
// The provider's own default (docs/provider.md §3.5), and the longest talk that a plan may ask for.
constexpr std::chrono::hours kProviderMaxDuration{8};

}  // namespace

std::string ConferenceName(const Session& session) {
  return base::ConferenceName(session.settings().service_id(), session.session_id());
}

Duration ProviderMaxDuration(const Session& session) {
  const Duration wanted = base::FromProtoDuration(session.plan().max_duration()) + kAroundTheTalk;
  return std::min<Duration>(wanted, kProviderMaxDuration);
}

bool IsConferenceKnown(const Session& session) {
  return !session.conference().conference_id().empty() && !session.conference().finished();
}

bool MayBeTwo(const Session& session) {
  return session.conference().has_recreate_time() && !session.conference().all_found();
}

bool IsActive(const Session& session) { return !session.has_ending() && !session.has_ended(); }

bool IsShownJoined(const ConferenceFacts& facts, const std::string& call_id) {
  return std::any_of(facts.participants().begin(), facts.participants().end(),
                     [&call_id](const ParticipantFacts& participant) {
                       return participant.call_id() == call_id &&
                              participant.state() == ParticipantFacts::STATE_JOINED;
                     });
}

void AdoptConference(Knowledge& known, const ConferenceFacts& facts) {
  internal::v1::Conference& conference = known.conference();
  if (facts.conference_id().empty()) return;
  if (conference.conference_id() == facts.conference_id()) {
    if (!facts.base_url().empty()) conference.set_base_url(facts.base_url());
    return;
  }
  if (!conference.conference_id().empty()) {
    // An attempt of unknown fate created this second conference of our name, which is empty.
    const auto& surplus = conference.surplus_ids();
    if (!facts.finished() &&
        std::find(surplus.begin(), surplus.end(), facts.conference_id()) == surplus.end()) {
      conference.add_surplus_ids(facts.conference_id());
      known.Note(SurplusConferenceShown{});
    }
    return;
  }
  conference.set_conference_id(facts.conference_id());
  conference.set_base_url(facts.base_url().empty() ? Caller(known).base_url() : facts.base_url());
  conference.set_finished(facts.finished());
  known.Note(ConferenceKnown{});
}

void AbsorbParticipants(Knowledge& known, const ConferenceFacts& facts) {
  const std::string& conference_id = known.session().conference().conference_id();
  if (facts.conference_id() != conference_id) return;
  for (const ParticipantFacts& participant : facts.participants()) {
    CallFacts call;
    call.set_call_id(participant.call_id());
    Leg* leg = AdoptCall(known, call, conference_id);
    if (leg == nullptr) continue;
    if (IsEnded(*leg)) NoteWasIn(*leg, participant);
    if (IsGone(*leg)) continue;
    // A caller who could not be added was never in the conference. The flow adds such a caller
    // again, and does not hang up.
    const bool never_in = participant.state() == ParticipantFacts::STATE_LEFT &&
                          !participant.has_join_time() && leg->dial() == 0 && !IsJoined(*leg);
    if (!never_in) AbsorbParticipant(known, *leg, participant);
  }
}

void NoteConferenceFinished(Knowledge& known) {
  internal::v1::Conference& conference = known.conference();
  if (conference.finished()) {
    known.Ignore("the conference is known to be over");
    return;
  }
  conference.set_finished(true);
  // Once the outcome is decided, this service hangs it up itself, so its end is no news.
  if (!IsActive(known.session())) return;
  known.Note(ConferenceGone{});
}

void NoteConferenceOver(Knowledge& known, const std::string& conference_id) {
  internal::v1::Conference& conference = known.conference();
  if (conference_id == conference.conference_id()) conference.set_finished(true);
  auto& surplus = *conference.mutable_surplus_ids();
  surplus.erase(std::remove(surplus.begin(), surplus.end(), conference_id), surplus.end());
}

}  // namespace callbridge::flow
