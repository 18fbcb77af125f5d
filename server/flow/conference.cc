#include "server/flow/conference.h"

#include <algorithm>
#include <chrono>

#include "server/base/limits.h"
#include "server/flow/conference_facts.h"
#include "server/flow/hangup.h"
#include "server/flow/legs.h"
#include "server/flow/looks.h"

namespace callbridge::flow {
namespace {

// How many complete looks must find no conference before it is created again.
constexpr int kEmptyLooks = 2;
// After this time the provider's list certainly shows a conference that was created. This is much
// longer than timing.list_lag, after which it should.
constexpr std::chrono::seconds kListsCatchUp{16};

// Returns the pause before the next look at the list. It is short while people wait. Once the
// outcome is decided it doubles like that of hangups, because the list may be unreadable for hours.
Duration PauseBeforeNextLook(Orders& orders) {
  const Duration pause = base::FromProtoDuration(orders.timing().look_again());
  const int late = orders.session().conference().late_looks();
  return late == 0 ? pause : std::max(pause, Backoff(orders.timing(), late));
}

}  // namespace

void CreateConference(Orders& orders) {
  Command command;
  command.set_base_url(Caller(orders).base_url());
  internal::v1::CreateConference& create = *command.mutable_create_conference();
  create.set_name(ConferenceName(orders.session()));
  *create.mutable_max_duration() = base::ToProtoDuration(ProviderMaxDuration(orders.session()));
  // The conference is of no use once the caller may no longer be dialled.
  if (orders.session().has_dialing_caller() && orders.session().has_start_before_time()) {
    *command.mutable_not_after_time() = orders.session().start_before_time();
  }
  orders.Issue(command);
  orders.conference().set_creations(1);
}

void OnCreateConferenceResult(Orders& orders, OpenCommand& open, const CommandResult& result) {
  switch (result.verdict()) {
    case CommandResult::VERDICT_DONE:
      orders.Close(result.number());
      for (const ConferenceFacts& facts : result.conferences()) AdoptConference(orders, facts);
      break;
    case CommandResult::VERDICT_REFUSED:
      orders.Close(result.number());
      // If another attempt made the conference, the refusal of this one says nothing.
      if (!IsConferenceKnown(orders.session())) orders.Note(PreparationRefused{result});
      break;
    default:
      // It is unknown whether the conference exists. Its event, or a look by its name, will tell.
      if (IsConferenceKnown(orders.session())) {
        orders.Close(result.number());
        break;
      }
      open.set_status(Command::STATUS_UNKNOWN);
      orders.conference().set_empty_looks(0);
      FindConference(orders);
      break;
  }
}

void OnConferenceLookedFor(Orders& orders, Time asked, bool complete) {
  internal::v1::Conference& conference = orders.conference();
  if (!IsActive(orders.session())) conference.set_late_looks(conference.late_looks() + 1);
  if (complete) *conference.mutable_looked_time() = base::ToTimestamp(asked);
  // The look counts from when it was asked, because its answer shows what the list was then.
  if (conference.has_recreate_time() && complete &&
      asked >= base::FromTimestamp(conference.recreate_time()) + kListsCatchUp) {
    conference.set_all_found(true);
  }
  if (MayBeTwo(orders.session()) && !IsActive(orders.session())) {
    orders.SetTimer(Timer::KIND_LOOK_AGAIN, "conference",
                    orders.now() + std::max<Duration>(kListsCatchUp, PauseBeforeNextLook(orders)));
  }
  OpenCommand* create = orders.FindOpen(Command::kCreateConference);
  if (create == nullptr || create->status() != Command::STATUS_UNKNOWN ||
      !conference.conference_id().empty()) {
    return;
  }
  if (complete) conference.set_empty_looks(conference.empty_looks() + 1);
  const bool absent = conference.empty_looks() >= kEmptyLooks;
  const Time caught_up = base::FromTimestamp(create->taken_time()) + kListsCatchUp;
  // A look that failed proves nothing, even if earlier looks found nothing.
  const bool proven = absent && complete && asked >= caught_up;
  if (proven && !IsActive(orders.session())) {
    // The conference was never created, and the session no longer needs it.
    orders.Close(create->command().number());
    return;
  }
  if (absent && IsActive(orders.session()) &&
      conference.creations() < base::kConferenceCreationsMax) {
    conference.set_creations(conference.creations() + 1);
    conference.set_empty_looks(0);
    *conference.mutable_recreate_time() = base::ToTimestamp(orders.now());
    orders.Reissue(*create, Duration::zero());
    return;
  }
  orders.SetTimer(Timer::KIND_LOOK_AGAIN, "conference", orders.now() + PauseBeforeNextLook(orders));
}

void OnConferenceKnown(Orders& orders) {
  orders.Withdraw(Command::kCreateConference);
  if (!IsActive(orders.session())) HangUpConference(orders);
}

void OnConferenceGone(Orders& orders) {
  for (Leg& leg : orders.legs()) LookForLeg(orders, leg);
  orders.SetTimer(Timer::KIND_CONFERENCE_GONE, "",
                  orders.now() + base::FromProtoDuration(orders.timing().conference_gone()));
}

}  // namespace callbridge::flow
