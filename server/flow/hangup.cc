#include "server/flow/hangup.h"

#include <algorithm>
#include <string>
#include <vector>

#include "server/flow/conference_facts.h"
#include "server/flow/leg_facts.h"
#include "server/flow/legs.h"
#include "server/flow/looks.h"

namespace callbridge::flow {
namespace {

// The subject of the timer for the conference's hangup. It is empty because the conference has no
// leg.
constexpr std::string_view kConference = "";

void IssueConferenceHangUp(Orders& orders, const std::string& conference_id) {
  Command command;
  command.set_base_url(orders.session().conference().base_url());
  command.mutable_hang_up_conference()->set_conference_id(conference_id);
  orders.Issue(command);
}

void SetConferenceTimer(Orders& orders) {
  const int hangups = orders.session().conference().hangups();
  orders.SetTimer(Timer::KIND_HANGUP, kConference,
                  orders.now() + Backoff(orders.timing(), hangups));
}

bool IsBeingHungUp(const Session& session, const std::string& conference_id) {
  return std::any_of(session.open_commands().begin(), session.open_commands().end(),
                     [&conference_id](const OpenCommand& open) {
                       const Command& command = open.command();
                       return command.has_hang_up_conference() &&
                              command.hang_up_conference().conference_id() == conference_id;
                     });
}

void IssueHangUp(Orders& orders, Leg& leg, bool reject) {
  if (orders.FindOpen(Command::kHangUpCall, leg.leg_id()) != nullptr) return;
  Command command;
  command.set_leg_id(leg.leg_id());
  command.set_base_url(leg.base_url());
  command.set_dial(leg.dial());
  command.mutable_hang_up_call()->set_call_id(leg.call_id());
  command.mutable_hang_up_call()->set_reject(reject);
  command.mutable_hang_up_call()->set_busy(reject && orders.session().outcome().reason() ==
                                                         v1::END_REASON_OVERLOADED);
  orders.Issue(command);
  leg.set_hangups(leg.hangups() + 1);
  orders.SetTimer(Timer::KIND_HANGUP, leg.leg_id(),
                  orders.now() + Backoff(orders.timing(), leg.hangups()));
}

}  // namespace

Duration Backoff(const internal::v1::Timing& timing, int attempts) {
  const Duration first = base::FromProtoDuration(timing.hangup_backoff());
  const Duration most = base::FromProtoDuration(timing.hangup_backoff_max());
  return base::Doubled(first, attempts - 1, most);
}

void HangUpLeg(Orders& orders, Leg& leg) {
  if (IsEnded(leg)) return;
  if (leg.call_id().empty()) {
    leg.set_unwanted(true);
    return;
  }
  IssueHangUp(orders, leg, false);
}

void RejectLeg(Orders& orders, Leg& leg) { IssueHangUp(orders, leg, true); }

void HangUpConference(Orders& orders) {
  internal::v1::Conference& conference = orders.conference();
  std::vector<std::string> ids(conference.surplus_ids().begin(), conference.surplus_ids().end());
  // Caller and callee use the session's own conference until the outcome is decided.
  if (orders.session().has_outcome() && IsConferenceKnown(orders.session())) {
    ids.insert(ids.begin(), conference.conference_id());
  }
  bool issued = false;
  for (const std::string& id : ids) {
    if (IsBeingHungUp(orders.session(), id)) continue;
    IssueConferenceHangUp(orders, id);
    issued = true;
  }
  if (!issued) return;
  conference.set_hangups(conference.hangups() + 1);
  SetConferenceTimer(orders);
}

void HangUpUnwanted(Orders& orders) {
  const bool all = orders.session().has_ending() || orders.session().has_ended();
  for (Leg& leg : orders.legs()) {
    const bool begun = leg.hangups() > 0 || orders.HasTimer(Timer::KIND_HANGUP, leg.leg_id());
    if ((all || leg.unwanted()) && !begun && !leg.call_id().empty()) HangUpLeg(orders, leg);
  }
}

void OnHangUpResult(Orders& orders, const Command& command, const CommandResult& result) {
  const bool done = result.verdict() == CommandResult::VERDICT_DONE;
  const bool refused = result.verdict() == CommandResult::VERDICT_REFUSED;
  if (command.has_hang_up_conference()) {
    const std::string& id = command.hang_up_conference().conference_id();
    // 400 may mean that the conference is over, or that it cannot be hung up now (docs/provider.md
    // §9.14). A look decides.
    if (refused && result.http_status() == 400) LookAtConference(orders, id);
    // 404 means that the provider does not know the conference, so it is over. The ends of its
    // calls are proved one by one.
    if (done || (refused && result.http_status() == 404)) NoteConferenceOver(orders, id);
    return;
  }
  Leg* leg = FindLeg(orders, command.leg_id());
  if (leg == nullptr || IsEnded(*leg)) return;
  // 404 or 400 may mean that the call is over, or that its state allows no such hangup. A look is
  // the second witness, and decides.
  if (refused) LookAtCall(orders, *leg);
  if (done && result.calls_size() > 0) AbsorbCall(orders, *leg, result.calls(0));
}

void OnHangUpTimer(Orders& orders, std::string_view leg_id) {
  if (leg_id == kConference) {
    if (orders.FindOpen(Command::kHangUpConference) == nullptr) {
      HangUpConference(orders);
    } else {
      // The open hangup has waited longer than the pause, for its turn or for its answer. The timer
      // goes on, because the hangup may still fail.
      SetConferenceTimer(orders);
    }
    return;
  }
  Leg* leg = FindLeg(orders, leg_id);
  if (leg == nullptr) return;
  if (orders.FindOpen(Command::kHangUpCall, leg_id) == nullptr) {
    HangUpLeg(orders, *leg);
  } else {
    orders.SetTimer(Timer::KIND_HANGUP, leg_id,
                    orders.now() + Backoff(orders.timing(), leg->hangups()));
  }
}

}  // namespace callbridge::flow
