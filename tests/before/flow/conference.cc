#include "tests/before/flow/conference.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <chrono>

#include "server/base/limits.h"
#include "tests/before/flow/hangup.h"
#include "tests/before/flow/legs.h"
#include "tests/before/flow/looks.h"
#include "tests/before/flow/phases.h"

namespace callbridge::flow_before {
namespace {

// Greeting, ringing, announcement: what may come before and after the talk.
constexpr std::chrono::minutes kAroundTheTalk{10};
// Calls API §3.5: the provider's own default, and the longest plan.
constexpr std::chrono::hours kProviderMaxDuration{8};
// Complete looks that find nothing before it is created again.
constexpr int kEmptyLooks = 2;
// After this long a list shows what was made: nearly as long as a dial of unknown fate is looked
// for (flow.md §5).
constexpr std::chrono::seconds kListsCatchUp{16};

bool IsActive(const Session& session) { return !session.has_ending() && !session.has_ended(); }

// While people wait the list is read again soon. After the end it may be unreadable for hours: the
// looks back off like hangups.
Duration PauseBeforeNextLook(Turn& turn) {
  const Duration pause = base::FromProtoDuration(turn.timing().look_again());
  const int late = turn.session().conference().late_looks();
  return late == 0 ? pause : std::max(pause, Backoff(turn.timing(), late));
}

}  // namespace

std::string ConferenceName(const Session& session) {
  return absl::StrCat(session.settings().service_id(), "/", session.session_id());
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

void CreateConference(Turn& turn) {
  Command command;
  command.set_base_url(Caller(turn).base_url());
  before::v1::CreateConference& create = *command.mutable_create_conference();
  create.set_name(ConferenceName(turn.session()));
  *create.mutable_max_duration() = base::ToProtoDuration(ProviderMaxDuration(turn.session()));
  // A conference for a caller who will not be dialled any more is of no use.
  if (turn.session().has_dialing_caller() && turn.session().has_start_before_time()) {
    *command.mutable_not_after_time() = turn.session().start_before_time();
  }
  turn.Issue(command);
  turn.session().mutable_conference()->set_creations(1);
}

void OnCreateConferenceResult(Turn& turn, OpenCommand& open, const CommandResult& result) {
  switch (result.verdict()) {
    case CommandResult::VERDICT_DONE:
      turn.Close(result.number());
      for (const ConferenceFacts& facts : result.conferences()) AdoptConference(turn, facts);
      break;
    case CommandResult::VERDICT_REFUSED:
      turn.Close(result.number());
      // Another attempt has made it: this one's refusal says nothing.
      if (!IsConferenceKnown(turn.session())) OnPreparationRefused(turn, result);
      break;
    default:
      // Nobody knows whether it exists. Its event, or a look by its name, will tell.
      if (IsConferenceKnown(turn.session())) {
        turn.Close(result.number());
        break;
      }
      open.set_status(OpenCommand::STATUS_UNKNOWN);
      turn.session().mutable_conference()->set_empty_looks(0);
      FindConference(turn);
      break;
  }
}

void AdoptConference(Turn& turn, const ConferenceFacts& facts) {
  before::v1::Conference& conference = *turn.session().mutable_conference();
  if (facts.conference_id().empty()) return;
  if (conference.conference_id() == facts.conference_id()) {
    if (!facts.base_url().empty()) conference.set_base_url(facts.base_url());
    return;
  }
  if (!conference.conference_id().empty()) {
    // A second one of our name: created by an attempt whose fate was unknown. It is empty.
    const auto& surplus = conference.surplus_ids();
    if (!facts.finished() &&
        std::find(surplus.begin(), surplus.end(), facts.conference_id()) == surplus.end()) {
      conference.add_surplus_ids(facts.conference_id());
      HangUpConference(turn);
    }
    return;
  }
  conference.set_conference_id(facts.conference_id());
  conference.set_base_url(facts.base_url().empty() ? Caller(turn).base_url() : facts.base_url());
  conference.set_finished(facts.finished());
  // After the end a second one of our name is still looked for.
  if (IsActive(turn.session()) || !MayBeTwo(turn.session())) {
    turn.ClearTimer(Timer::KIND_LOOK_AGAIN, "conference");
  }
  turn.Settle(Command::kCreateConference);
  if (!IsActive(turn.session())) HangUpConference(turn);
}

void OnConferenceLookedFor(Turn& turn, Time asked, const CommandResult& result) {
  for (const ConferenceFacts& facts : result.conferences()) AdoptConference(turn, facts);
  before::v1::Conference& conference = *turn.session().mutable_conference();
  if (!IsActive(turn.session())) conference.set_late_looks(conference.late_looks() + 1);
  if (result.complete()) *conference.mutable_looked_time() = base::ToTimestamp(asked);
  // An answer that was long on its way tells what the list showed before.
  if (conference.has_recreate_time() && result.complete() &&
      asked >= base::FromTimestamp(conference.recreate_time()) + kListsCatchUp) {
    conference.set_all_found(true);
  }
  if (MayBeTwo(turn.session()) && !IsActive(turn.session())) {
    turn.SetTimer(Timer::KIND_LOOK_AGAIN, "conference",
                  turn.now() + std::max<Duration>(kListsCatchUp, PauseBeforeNextLook(turn)));
  }
  OpenCommand* create = turn.FindOpen(Command::kCreateConference);
  if (create == nullptr || create->status() != OpenCommand::STATUS_UNKNOWN ||
      !conference.conference_id().empty()) {
    return;
  }
  if (result.complete()) conference.set_empty_looks(conference.empty_looks() + 1);
  const bool absent = conference.empty_looks() >= kEmptyLooks;
  const Time caught_up = base::FromTimestamp(create->taken_time()) + kListsCatchUp;
  // A look that failed just now says nothing, however many found nothing before.
  const bool proven = absent && result.complete() && asked >= caught_up;
  if (proven && !IsActive(turn.session())) {
    // It never came to be, and nobody needs it any more.
    turn.Close(create->command().number());
    return;
  }
  if (absent && IsActive(turn.session()) &&
      conference.creations() < base::kConferenceCreationsMax) {
    conference.set_creations(conference.creations() + 1);
    conference.set_empty_looks(0);
    *conference.mutable_recreate_time() = base::ToTimestamp(turn.now());
    turn.Reissue(*create, Duration::zero());
    return;
  }
  turn.SetTimer(Timer::KIND_LOOK_AGAIN, "conference", turn.now() + PauseBeforeNextLook(turn));
}

void AbsorbParticipants(Turn& turn, const ConferenceFacts& facts) {
  const std::string& conference_id = turn.session().conference().conference_id();
  if (facts.conference_id() != conference_id) return;
  for (const ParticipantFacts& participant : facts.participants()) {
    CallFacts call;
    call.set_call_id(participant.call_id());
    Leg* leg = AdoptCall(turn, call, conference_id);
    if (leg == nullptr) continue;
    if (IsEnded(*leg)) NoteWasIn(*leg, participant);
    if (IsGone(*leg)) continue;
    // A caller that could not be added was never in: it is asked for again, not hung up.
    const bool never_in = participant.state() == ParticipantFacts::STATE_LEFT &&
                          !participant.has_join_time() && leg->dial() == 0 && !IsJoined(*leg);
    if (!never_in) AbsorbParticipant(turn, *leg, participant);
  }
}

void OnConferenceFinished(Turn& turn) {
  before::v1::Conference& conference = *turn.session().mutable_conference();
  if (conference.finished()) {
    turn.Ignore("the conference is known to be over");
    return;
  }
  conference.set_finished(true);
  if (!IsActive(turn.session())) return;
  // Nobody asked for it. The legs tell who left first; after a while the bridge ends without
  // knowing.
  for (Leg& leg : *turn.session().mutable_legs()) LookForLeg(turn, leg);
  turn.SetTimer(Timer::KIND_CONFERENCE_GONE, "",
                turn.now() + base::FromProtoDuration(turn.timing().conference_gone()));
}

}  // namespace callbridge::flow_before
