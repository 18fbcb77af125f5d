#include "tests/before/flow/hangup.h"

#include <algorithm>
#include <string>
#include <vector>

#include "tests/before/flow/conference.h"
#include "tests/before/flow/legs.h"
#include "tests/before/flow/looks.h"

namespace callbridge::flow_before {
namespace {

// More would be beyond any pause, and beyond the numbers.
constexpr int kDoublingsMax = 16;

// The name of the conference's pursuit: it has no leg.
constexpr std::string_view kConference = "";

void IssueConferenceHangUp(Turn& turn, const std::string& conference_id) {
  Command command;
  command.set_base_url(turn.session().conference().base_url());
  command.mutable_hang_up_conference()->set_conference_id(conference_id);
  turn.Issue(command);
}

void SetConferenceTimer(Turn& turn) {
  const int hangups = turn.session().conference().hangups();
  turn.SetTimer(Timer::KIND_HANGUP, kConference, turn.now() + Backoff(turn.timing(), hangups));
}

bool IsBeingHungUp(const Session& session, const std::string& conference_id) {
  return std::any_of(session.open_commands().begin(), session.open_commands().end(),
                     [&conference_id](const OpenCommand& open) {
                       const Command& command = open.command();
                       return command.has_hang_up_conference() &&
                              command.hang_up_conference().conference_id() == conference_id;
                     });
}

void IssueHangUp(Turn& turn, Leg& leg, bool reject) {
  if (turn.FindOpen(Command::kHangUpCall, leg.leg_id()) != nullptr) return;
  Command command;
  command.set_leg_id(leg.leg_id());
  command.set_base_url(leg.base_url());
  command.set_dial(leg.dial());
  command.mutable_hang_up_call()->set_call_id(leg.call_id());
  command.mutable_hang_up_call()->set_reject(reject);
  command.mutable_hang_up_call()->set_busy(reject && turn.session().outcome().reason() ==
                                                         v1::END_REASON_OVERLOADED);
  turn.Issue(command);
  leg.set_hangups(leg.hangups() + 1);
  turn.SetTimer(Timer::KIND_HANGUP, leg.leg_id(),
                turn.now() + Backoff(turn.timing(), leg.hangups()));
}

}  // namespace

Duration Backoff(const before::v1::Timing& timing, int attempts) {
  const Duration first = base::FromProtoDuration(timing.hangup_backoff());
  const Duration most = base::FromProtoDuration(timing.hangup_backoff_max());
  return std::min<Duration>(most, first * (1LL << std::clamp(attempts - 1, 0, kDoublingsMax)));
}

void HangUpLeg(Turn& turn, Leg& leg) {
  if (IsEnded(leg)) return;
  if (leg.call_id().empty()) {
    leg.set_unwanted(true);
    return;
  }
  IssueHangUp(turn, leg, false);
}

void RejectLeg(Turn& turn, Leg& leg) { IssueHangUp(turn, leg, true); }

void HangUpConference(Turn& turn) {
  before::v1::Conference& conference = *turn.session().mutable_conference();
  std::vector<std::string> ids(conference.surplus_ids().begin(), conference.surplus_ids().end());
  // People talk in ours until the outcome is decided.
  if (turn.session().has_outcome() && IsConferenceKnown(turn.session())) {
    ids.insert(ids.begin(), conference.conference_id());
  }
  bool issued = false;
  for (const std::string& id : ids) {
    if (IsBeingHungUp(turn.session(), id)) continue;
    IssueConferenceHangUp(turn, id);
    issued = true;
  }
  if (!issued) return;
  conference.set_hangups(conference.hangups() + 1);
  SetConferenceTimer(turn);
}

void HangUpUnwanted(Turn& turn) {
  const bool all = turn.session().has_ending() || turn.session().has_ended();
  for (Leg& leg : *turn.session().mutable_legs()) {
    const bool begun = leg.hangups() > 0 || turn.HasTimer(Timer::KIND_HANGUP, leg.leg_id());
    if ((all || leg.unwanted()) && !begun && !leg.call_id().empty()) HangUpLeg(turn, leg);
  }
}

void OnHangUpResult(Turn& turn, const Command& command, const CommandResult& result) {
  const bool done = result.verdict() == CommandResult::VERDICT_DONE;
  const bool refused = result.verdict() == CommandResult::VERDICT_REFUSED;
  if (command.has_hang_up_conference()) {
    const std::string& id = command.hang_up_conference().conference_id();
    // 400 may say that it is over, or that it cannot be hung up now (Calls API §9.14). A look
    // decides.
    if (refused && result.http_status() == 400) LookAtConference(turn, id);
    // A conference that the provider does not know has been hung up; its calls are proved one by
    // one.
    if (done || (refused && result.http_status() == 404)) NoteConferenceOver(turn, id);
    return;
  }
  Leg* leg = FindLeg(turn, command.leg_id());
  if (leg == nullptr || IsEnded(*leg)) return;
  // 404 or 400: the call may be gone or in a state that allows no such hangup. A second witness
  // decides.
  if (refused) LookAtCall(turn, *leg);
  if (done && result.calls_size() > 0) AbsorbCall(turn, *leg, result.calls(0));
}

void NoteConferenceOver(Turn& turn, const std::string& conference_id) {
  before::v1::Conference& conference = *turn.session().mutable_conference();
  if (conference_id == conference.conference_id()) conference.set_finished(true);
  auto& surplus = *conference.mutable_surplus_ids();
  surplus.erase(std::remove(surplus.begin(), surplus.end(), conference_id), surplus.end());
}

void OnHangUpTimer(Turn& turn, std::string_view leg_id) {
  if (leg_id == kConference) {
    if (turn.FindOpen(Command::kHangUpConference) == nullptr) {
      HangUpConference(turn);
    } else {
      // It waits for its turn, or for its answer, longer than the pause: it may still come to
      // nothing.
      SetConferenceTimer(turn);
    }
    return;
  }
  Leg* leg = FindLeg(turn, leg_id);
  if (leg == nullptr) return;
  if (turn.FindOpen(Command::kHangUpCall, leg_id) == nullptr) {
    HangUpLeg(turn, *leg);
  } else {
    turn.SetTimer(Timer::KIND_HANGUP, leg_id, turn.now() + Backoff(turn.timing(), leg->hangups()));
  }
}

}  // namespace callbridge::flow_before
