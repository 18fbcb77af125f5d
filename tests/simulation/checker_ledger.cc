// The ledger's part of the checker: what is taken, sent, settled, and what arrives.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include "server/base/limits.h"
#include "server/store/rules/ledger.h"
#include "tests/simulation/checker.h"
#include "tests/simulator/operations.h"

namespace callbridge::simulation {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::Leg;
using Status = LedgerEntry::Status;
using std::chrono::seconds;

// Clocks of servers are off by less (plan.cc).
constexpr seconds kSkewMax{2};
// 17: the request's time-out, the grace, 5 s.
constexpr base::Duration kInFlightMax =
    base::kProviderRequestTimeout + base::kInFlightGrace + seconds(5);

}  // namespace

void Checker::OnTaken(const std::vector<store::CommandKey>& taken) {
  bool dials = false;
  for (const store::CommandKey& key : taken) {
    WatchedSession& watched = Find(key.session_id);
    LedgerEntry& entry = watched.ledger[key.number];
    const bool hangs_up =
        entry.command.has_hang_up_call() || entry.command.has_hang_up_conference();
    Expect(kUnnumbered, !hangs_up || !dials, key.session_id, "a hangup waits for a dial");
    dials |= entry.command.has_dial_leg();
    const base::Time not_before = entry.command.has_not_before_time()
                                      ? base::FromTimestamp(entry.command.not_before_time())
                                      : base::Time::min();
    Expect(16, not_before <= now() + kSkewMax, key.session_id,
           absl::StrCat("command ", key.number, " is taken before its time"));
    Expect(15, entry.command.number() == key.number && entry.command.attempt() == key.attempt,
           key.session_id, absl::StrCat("command ", key.number, " was taken and never issued"));
    Expect(16, entry.status == Status::kPending, key.session_id,
           absl::StrCat("command ", key.number, " was taken and is not pending"));
    trace_.Note(now(), "taken",
                absl::StrCat(key.session_id, " ", key.number, " ", key.attempt, " ",
                             ActionName(entry.command)));
    if (expects_turns_) CheckTurn(watched, entry);
    // Others of its making may go; the one that people are in stays until the outcome is decided.
    Expect(kUnnumbered,
           !entry.command.has_hang_up_conference() || watched.session.has_outcome() ||
               entry.command.hang_up_conference().conference_id() !=
                   watched.session.conference().conference_id(),
           key.session_id, "the conference of a session that goes on is hung up");
    if (entry.command.has_dial_leg()) CheckDial(watched, entry);
    const bool never_sent =
        entry.verdict == CommandResult::VERDICT_UNSPECIFIED || entry.certainly_not_done();
    Expect(14, !entry.command.has_send_digits() || never_sent, key.session_id,
           "keys are sent again");
    if (entry.command.has_play_music() || entry.command.has_play_prompt() ||
        entry.command.has_capture_digits()) {
      CheckTakenSound(watched, entry);
    }
    entry.status = Status::kInFlight;
    entry.taken = now();
    entry.released = false;
    const std::int32_t attempt = key.attempt;
    Owe(17, absl::StrCat(key.session_id, ": command ", key.number, " is settled"), kInFlightMax,
        [&entry, attempt] {
          return entry.status != Status::kInFlight || entry.command.attempt() != attempt;
        });
  }
}

void Checker::CheckTurn(const WatchedSession& watched, const LedgerEntry& entry) {
  const std::optional<std::string> queue = store::QueueOf(entry.command);
  if (!queue) return;
  for (const auto& [number, other] : watched.ledger) {
    const bool holds = other.status == Status::kInFlight && !other.released;
    Expect(kUnnumbered, !holds || store::QueueOf(other.command) != queue, watched.session_id,
           absl::StrCat("command ", entry.command.number(), " overtakes command ", number));
  }
}

// 8 and 9.
void Checker::CheckDial(const WatchedSession& watched, const LedgerEntry& entry) {
  const Leg* caller = CallerOf(watched.session);
  if (caller == nullptr) return;
  // Lists that are asked later than this, twice, show a call that was made.
  const internal::v1::Timing& timing = watched.session.settings().timing();
  const base::Duration lists_show =
      base::FromProtoDuration(timing.list_lag()) + base::FromProtoDuration(timing.look_again());
  const bool absent =
      entry.unknown == 1 && now() >= entry.unknown_taken + lists_show - 2 * kSkewMax;
  Expect(8, entry.unknown == 0 || absent, watched.session_id,
         "somebody is dialled again who may still be called");
  Expect(8,
         entry.verdict == CommandResult::VERDICT_UNSPECIFIED ||
             entry.verdict == CommandResult::VERDICT_UNKNOWN || entry.certainly_not_done(),
         watched.session_id, "somebody is dialled again who was called");
  if (entry.command.leg_id() == caller->leg_id()) return;
  const bool joined = caller->has_join_time() && caller->state() != v1::Leg::STATE_ENDED;
  Expect(9, joined, watched.session_id,
         absl::StrCat("the callee is dialled, and the caller is ",
                      v1::Leg::State_Name(caller->state())));
  for (const auto& [number, other] : watched.ledger) {
    if (!other.command.has_dial_leg() || number == entry.command.number()) continue;
    // A dial that is held until the caller was looked at is taken back, and is another command when
    // it is let go.
    const bool came_to_nothing =
        other.status == Status::kCancelled && other.unknown == 0 &&
        (other.verdict == CommandResult::VERDICT_UNSPECIFIED || other.certainly_not_done());
    Expect(8, came_to_nothing || other.command.leg_id() == caller->leg_id(), watched.session_id,
           absl::StrCat("the callee is dialled by a second command beside ", number));
  }
}

// Whether the leg's call has come into a conference, whatever was told about it.
bool Checker::HasJoined(const Leg& leg) const {
  for (const auto& [number, conference] : model_.world().conferences.things()) {
    for (const simulator::Participant& participant : conference.participants) {
      if (participant.call_id == leg.call_id() && participant.join) return true;
    }
  }
  return false;
}

// 12, 13 and 14.
void Checker::CheckTakenSound(const WatchedSession& watched, const LedgerEntry& entry) {
  const Leg* hearer = nullptr;
  for (const Leg& leg : watched.session.legs()) {
    if (leg.leg_id() == entry.command.leg_id()) hearer = &leg;
  }
  Expect(13, hearer != nullptr && hearer->state() != v1::Leg::STATE_ENDED, watched.session_id,
         "a sound leaves for a person who is gone");
  Expect(14, entry.verdict == CommandResult::VERDICT_UNSPECIFIED || entry.certainly_not_done(),
         watched.session_id, "a sound is sent again");
  // An apology may have to be said without a conference.
  const auto& lanes = watched.session.lanes();
  const bool alone = std::any_of(lanes.begin(), lanes.end(), [](const internal::v1::Lane& lane) {
    return lane.prompt() == v1::PROMPT_KIND_APOLOGY;
  });
  const bool apart = hearer != nullptr && hearer->dialled_apart();
  Expect(12, hearer == nullptr || alone || apart || HasJoined(*hearer), watched.session_id,
         "a sound leaves for a person who has not joined yet");
  // They would arrive in either order.
  for (const auto& [number, other] : watched.ledger) {
    const bool beside = other.command.has_stop_play() &&
                        other.command.leg_id() == entry.command.leg_id() &&
                        other.status == Status::kInFlight && other.taken == now();
    Expect(12, !beside, watched.session_id,
           absl::StrCat("a sound leaves beside the stop ", number, " of an earlier one"));
  }
  if (!entry.command.has_play_music()) return;
  for (const Leg& leg : watched.session.legs()) {
    const bool answered = IsCallee(leg) && IsAliveAndAnswered(leg) && !leg.unwanted();
    Expect(13, !answered || MayHearNotice(watched.session, leg), watched.session_id,
           "music leaves after the callee answered");
  }
}

void Checker::OnSettled(const std::string& session_id, const CommandResult& result) {
  WatchedSession& watched = Find(session_id);
  LedgerEntry& entry = watched.ledger[result.number()];
  Expect(16, entry.status == Status::kInFlight && entry.command.attempt() == result.attempt(),
         session_id,
         absl::StrCat("a result of command ", result.number(), " that is not in flight"));
  CheckVerdict(session_id, entry, result);
  trace_.Note(
      now(), "settled",
      absl::StrCat(session_id, " ", result.number(), " ", result.attempt(), " ",
                   CommandResult::Verdict_Name(result.verdict()), " ", result.http_status()));
  entry.status = Status::kSettled;
  entry.verdict = result.verdict();
  if (result.verdict() != CommandResult::VERDICT_UNKNOWN) return;
  ++entry.unknown;
  entry.unknown_taken = entry.taken;
  watched.dial_unknown |= entry.command.has_dial_leg();
}

// Whether a request had its effect must be said as the answer said it: 16 and 8 build on that.
void Checker::CheckVerdict(const std::string& session_id, const LedgerEntry& entry,
                           const CommandResult& result) {
  constexpr int kTooManyRequests = 429;
  const std::string text =
      absl::StrCat("command ", result.number(), " with status ", result.http_status(), " is ",
                   CommandResult::Verdict_Name(result.verdict()));
  if (result.verdict() == CommandResult::VERDICT_REFUSED) {
    // By its status, by what its answer says of the action, or by us, before it left.
    Expect(16, result.http_status() / 100 != 5 && result.http_status() != kTooManyRequests,
           session_id, text);
  }
  if (result.verdict() == CommandResult::VERDICT_NOT_SENT) {
    Expect(16, result.http_status() == 0, session_id, text);
  }
  if (result.verdict() != CommandResult::VERDICT_DONE) return;
  Expect(8, !entry.command.has_dial_leg() || result.calls_size() > 0, session_id,
         text + ", and its call is not named");
  Expect(7, !entry.command.has_create_conference() || result.conferences_size() > 0, session_id,
         text + ", and its conference is not named");
}

void Checker::OnForgotten() {
  for (auto& [session_id, watched] : chronicle_.sessions) {
    for (auto& [number, entry] : watched.ledger) {
      if (entry.status != Status::kInFlight) continue;
      entry.status = Status::kSettled;
      entry.verdict = CommandResult::VERDICT_UNKNOWN;
      ++entry.unknown;
      entry.unknown_taken = entry.taken;
      watched.dial_unknown |= entry.command.has_dial_leg();
    }
  }
}

void Checker::OnSent(const Command& command) {
  WatchedSession& watched = Find(command.session_id());
  LedgerEntry& entry = watched.ledger[command.number()];
  Expect(15, entry.taken != base::Time{} && entry.command.attempt() == command.attempt(),
         command.session_id(),
         absl::StrCat("command ", command.number(), " leaves and is not in flight"));
  Expect(16, entry.sent.insert(command.attempt()).second, command.session_id(),
         absl::StrCat("command ", command.number(), " leaves twice in one attempt"));
  // 29: by the clock of the server, which is a little off.
  const bool in_time = !command.has_not_after_time() ||
                       now() <= base::FromTimestamp(command.not_after_time()) + kSkewMax;
  Expect(29, in_time, command.session_id(),
         absl::StrCat("command ", command.number(), " leaves after its time"));
  const bool dials_caller = command.has_dial_leg() && command.leg_id() == "caller";
  Expect(
      29,
      !dials_caller || now() <= base::FromTimestamp(watched.session.start_before_time()) + kSkewMax,
      command.session_id(), "the caller is dialled after start_before_time");
  Expect(29, !command.has_dial_leg() || command.has_not_after_time(), command.session_id(),
         "a dial may leave at any time");
  trace_.Note(now(), "sent",
              absl::StrCat(command.session_id(), " ", command.number(), " ", command.attempt()));
}

void Checker::OnArrived(const simulator::RequestRecord& request) {
  for (const std::string& foreign : foreign_) {
    if (absl::StrContains(request.target, foreign)) {
      Fail(11, absl::StrCat(request.method, " ", request.target, " is about what is not ours"));
    }
  }
  if (!request.fault.empty()) OnRequestFault(request);
  const auto target = simulator::FindRoute(request.method, request.target, false);
  if (target) {
    std::deque<base::Time>& times = arrivals_[request.operation];
    while (!times.empty() && times.front() + seconds(1) <= now()) times.pop_front();
    times.push_back(now());
    if (times.size() > static_cast<std::size_t>(target->route->per_second)) {
      Fail(19, absl::StrCat(request.operation, " ", times.size(), " times within a second"));
    }
  }
}

}  // namespace callbridge::simulation
