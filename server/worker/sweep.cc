#include "server/worker/sweep.h"

#include <absl/base/thread_annotations.h>
#include <absl/strings/str_format.h>
#include <absl/synchronization/mutex.h>

#include <algorithm>
#include <utility>

#include "server/base/log.h"

namespace callbridge::worker {
namespace {

using internal::v1::CallFacts;
using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::ConferenceFacts;
using internal::v1::Session;

// While an answer is open, the sweep checks for it this often, because its work is not urgent.
constexpr std::chrono::seconds kAnswerPoll{1};
// A call that was not listed for this many sweeps is forgotten, and counts as new if it comes back.
constexpr std::int64_t kSweepsRemembered = 3;

// Returns the name of a call or a conference, for operators.
std::string NameOf(const CallFacts& call) { return "call " + call.call_id(); }
std::string NameOf(const ConferenceFacts& conference) {
  return "conference " + conference.conference_id();
}

std::int64_t Seconds(base::Duration duration) {
  return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
}

}  // namespace

struct Sweep::Answer {
  std::int64_t sweep = 0;
  Command errand;
  base::Time asked_at;
  CommandResult result;
};

class Sweep::Answers {
 public:
  void Put(Answer answer) {
    absl::MutexLock lock(&mutex_);
    answers_.push_back(std::move(answer));
  }
  bool empty() const {
    absl::MutexLock lock(&mutex_);
    return answers_.empty();
  }
  std::optional<Answer> Take() {
    absl::MutexLock lock(&mutex_);
    if (answers_.empty()) return std::nullopt;
    Answer answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }

 private:
  mutable absl::Mutex mutex_;
  std::deque<Answer> answers_ ABSL_GUARDED_BY(mutex_);
};

Sweep::Sweep(store::Roles<store::Inbox, store::Sessions> store, provider::Survey& survey,
             provider::Provider& provider, provider::Pace& pace, const base::Clock& clock,
             SweepOptions options)
    : inbox_(store.get<store::Inbox>()),
      sessions_(store.get<store::Sessions>()),
      survey_(survey),
      provider_(provider),
      pace_(pace),
      clock_(clock),
      options_(std::move(options)),
      orphans_(sessions_, options_.service_id),
      answers_(std::make_shared<Answers>()) {}

absl::StatusOr<base::Time> Sweep::RunOnce() {
  const base::Time now = clock_.Now();
  log_.Flush(base::ThrottledLog::At(now));
  if (!next_sweep_time_) next_sweep_time_ = now + options_.interval;
  if (now >= *next_sweep_time_) BeginSweep(now);
  while (std::optional<Answer> answer = answers_->Take()) {
    const absl::Status status = OnAnswer(*std::move(answer));
    // The next sweep finds the orphan of this answer again.
    if (!status.ok()) return status;
  }
  if (const absl::Status status = GoOn(); !status.ok()) return status;
  const std::optional<base::Time> later = SendErrands();
  if (!lists_.empty() || !answers_->empty()) return now;
  base::Time next = *next_sweep_time_;
  if (later) next = std::min(next, *later);
  if (open_ > 0) next = std::min<base::Time>(next, now + kAnswerPoll);
  return next;
}

void Sweep::BeginSweep(base::Time now) {
  next_sweep_time_ = now + options_.interval;
  // What the last sweep did not finish is dropped, because this sweep finds it again.
  ++sweep_;
  errands_.clear();
  lists_.clear();
  planned_ = 0;
  open_ = 0;
  ForgetOldSightings();
  for (const std::string& account : options_.accounts) {
    // The lists are read like those of a look for a dial, and wait for the same tokens.
    Command errand = MakeErrand(account, "");
    errand.mutable_find_dial();
    errands_.push_back(std::move(errand));
  }
}

void Sweep::ForgetOldSightings() {
  std::erase_if(sightings_, [this](const auto& sighting) {
    return sighting.second.last_sweep + kSweepsRemembered < sweep_;
  });
}

absl::Status Sweep::OnAnswer(Answer answer) {
  pace_.Observe(answer.errand, answer.result, clock_.Now());
  const bool late = answer.sweep != sweep_;
  if (!late) --open_;
  switch (answer.errand.action_case()) {
    case Command::kFindDial:
      if (!late) OnListed(std::move(answer));
      return absl::OkStatus();
    case Command::kLookAtCall:
    case Command::kLookAtConference:
      return late ? absl::OkStatus() : OnLookedAt(answer.errand, answer.result);
    default:
      OnHungUp(answer.errand, answer.result);
      return absl::OkStatus();
  }
}

void Sweep::OnListed(Answer answer) {
  const bool done = answer.result.verdict() == CommandResult::VERDICT_DONE;
  read_lists_.Add();
  if (!done || !answer.result.complete()) {
    incomplete_lists_.Add();
    base::Log(base::LogLevel::kWarning, "sweep_incomplete",
              {{"account", answer.errand.account()},
               {"verdict", CommandResult::Verdict_Name(answer.result.verdict())},
               {"http_status", answer.result.http_status()},
               {"error", answer.result.error().name()}});
  }
  if (!done) return;
  List list;
  list.account = answer.errand.account();
  list.asked_at = answer.asked_at;
  list.result = std::move(answer.result);
  for (const CallFacts& call : list.result.calls()) list.call_ids.insert(call.call_id());
  // A list that left entries out proves no absence.
  if (!list.result.complete()) list.sessions.SetDone();
  lists_.push_back(std::move(list));
}

absl::Status Sweep::GoOn() {
  if (lists_.empty()) return absl::OkStatus();
  List& list = lists_.front();
  int room = base::kSweepChunk;
  for (; room > 0 && list.next_call < list.result.calls_size(); --room, ++list.next_call) {
    const absl::Status status = JudgeCall(list, list.result.calls(list.next_call));
    if (!status.ok()) return status;
  }
  for (; room > 0 && list.next_conference < list.result.conferences_size();
       --room, ++list.next_conference) {
    const absl::Status status =
        JudgeConference(list, list.result.conferences(list.next_conference));
    if (!status.ok()) return status;
  }
  if (room == 0) return absl::OkStatus();
  if (!list.sessions.done()) return CheckSessions(list);
  EndList(list);
  lists_.pop_front();
  return absl::OkStatus();
}

void Sweep::EndList(const List& list) {
  const bool noteworthy = list.orphans > 0 || list.missing > 0;
  base::Log(noteworthy ? base::LogLevel::kInfo : base::LogLevel::kDebug, "sweep_done",
            {{"account", list.account},
             {"calls", list.result.calls_size()},
             {"conferences", list.result.conferences_size()},
             {"orphans", list.orphans},
             {"missing", list.missing},
             {"complete", list.result.complete()}});
}

template <typename Facts>
absl::StatusOr<std::optional<std::string>> Sweep::SessionOfOrphan(const Facts& facts) {
  auto orphan = orphans_.SessionOfOrphan(facts);
  if (!absl::IsDataLoss(orphan.status())) return orphan;
  TellOfDamage("the session of a call or conference", NameOf(facts));
  return std::nullopt;
}

void Sweep::TellOfDamage(std::string_view what, const std::string& which) {
  log_.Log(base::LogLevel::kError, "sweep_met_damage", what, which,
           base::ThrottledLog::At(clock_.Now()));
}

Sweep::Sighting& Sweep::See(const std::string& key) {
  Sighting& sighting = sightings_.try_emplace(key, Sighting{.first = clock_.Now()}).first->second;
  sighting.last_sweep = sweep_;
  return sighting;
}

absl::Status Sweep::JudgeCall(List& list, const CallFacts& call) {
  if (!orphans_.IsOurs(call)) return absl::OkStatus();
  const std::string key = "call/" + call.call_id();
  // The earlier of both times counts, because a start that seems to lie in the future must not keep
  // the call young for ever.
  base::Time since = See(key).first;
  if (call.has_start_time()) since = std::min(since, base::FromTimestamp(call.start_time()));
  const base::Duration age = clock_.Now() - since;
  if (age < options_.minimum_age) return absl::OkStatus();
  const auto orphan = SessionOfOrphan(call);
  if (!orphan.ok()) return orphan.status();
  if (*orphan) OnOrphan(list, key, call.call_id(), "", **orphan, age);
  return absl::OkStatus();
}

absl::Status Sweep::JudgeConference(List& list, const ConferenceFacts& conference) {
  if (!orphans_.IsOurs(conference)) return absl::OkStatus();
  const std::string key = "conference/" + conference.conference_id();
  // The provider does not tell when a conference began (docs/provider.md §3.0).
  const base::Duration age = clock_.Now() - See(key).first;
  if (age < options_.minimum_age) return absl::OkStatus();
  const auto orphan = SessionOfOrphan(conference);
  if (!orphan.ok()) return orphan.status();
  if (*orphan) OnOrphan(list, key, "", conference.conference_id(), **orphan, age);
  return absl::OkStatus();
}

void Sweep::OnOrphan(List& list, const std::string& key, const std::string& call_id,
                     const std::string& conference_id, const std::string& session_id,
                     base::Duration age) {
  found_orphans_.Add();
  ++list.orphans;
  Sighting& sighting = See(key);
  if (!sighting.told) {
    base::Log(base::LogLevel::kWarning, "sweep_orphan",
              {{"account", list.account},
               {"call", call_id},
               {"conference", conference_id},
               {"session", session_id},
               {"age_s", Seconds(age)},
               {"dry_run", options_.dry_run}});
    sighting.told = true;
  }
  if (options_.dry_run || planned_ >= base::kSweepHangUpsMax) return;
  ++planned_;
  Command look = MakeErrand(list.account, session_id);
  if (call_id.empty()) {
    look.mutable_look_at_conference()->set_conference_id(conference_id);
  } else {
    look.mutable_look_at_call()->set_call_id(call_id);
  }
  errands_.push_back(std::move(look));
}

// A list may be stale, and a session may have changed, so the sweep hangs up only what it has just
// looked at.
absl::Status Sweep::OnLookedAt(const Command& look, const CommandResult& result) {
  if (result.verdict() != CommandResult::VERDICT_DONE) return absl::OkStatus();
  absl::StatusOr<std::optional<std::string>> orphan = std::nullopt;
  Command hangup = MakeErrand(look.account(), look.session_id());
  if (look.has_look_at_call() && result.calls_size() > 0) {
    orphan = SessionOfOrphan(result.calls(0));
    hangup.mutable_hang_up_call()->set_call_id(look.look_at_call().call_id());
  } else if (look.has_look_at_conference() && result.conferences_size() > 0) {
    orphan = SessionOfOrphan(result.conferences(0));
    hangup.mutable_hang_up_conference()->set_conference_id(
        look.look_at_conference().conference_id());
  }
  if (!orphan.ok()) return orphan.status();
  if (*orphan) errands_.push_back(std::move(hangup));
  return absl::OkStatus();
}

void Sweep::OnHungUp(const Command& hangup, const CommandResult& result) {
  const std::string& call_id = hangup.hang_up_call().call_id();
  const std::string& conference_id = hangup.hang_up_conference().conference_id();
  if (result.verdict() == CommandResult::VERDICT_DONE) {
    hung_up_.Add();
    base::Log(base::LogLevel::kInfo, "sweep_hung_up",
              {{"account", hangup.account()}, {"call", call_id}, {"conference", conference_id}});
    return;
  }
  failed_hangups_.Add();
  // The next sweep finds the call or conference again if it still exists.
  log_.Log(base::LogLevel::kWarning, "sweep_hangup_failed",
           CommandResult::Verdict_Name(result.verdict()),
           absl::StrFormat("%s of account %s, HTTP status %d",
                           call_id.empty() ? "conference " + conference_id : "call " + call_id,
                           hangup.account(), result.http_status()),
           base::ThrottledLog::At(clock_.Now()));
}

absl::Status Sweep::CheckSessions(List& list) {
  const auto page = list.sessions.Read(sessions_, clock_.Now());
  if (!page.ok()) return page.status();
  if (!page->has_value()) {
    TellOfDamage("a living session", "account " + list.account);
    return absl::OkStatus();
  }
  const base::Time known_before = list.asked_at - base::kSweepListLag;
  std::vector<store::NewInput> inputs;
  for (const Session& session : **page) {
    if (session.settings().account() != list.account) continue;
    for (const internal::v1::Leg& leg : session.legs()) {
      if (leg.call_id().empty() || leg.state() == callbridge::v1::Leg::STATE_ENDED ||
          base::FromTimestamp(leg.create_time()) > known_before ||
          list.call_ids.contains(leg.call_id())) {
        continue;
      }
      store::NewInput input;
      input.session_id = session.session_id();
      input.input.mutable_call_missing()->set_call_id(leg.call_id());
      inputs.push_back(std::move(input));
    }
  }
  if (!inputs.empty()) {
    const auto appended = inbox_.AppendInputs(inputs, clock_.Now());
    if (!appended.ok()) return appended.status();
    missing_calls_.Add(static_cast<std::int64_t>(inputs.size()));
    list.missing += static_cast<std::int64_t>(inputs.size());
  }
  list.sessions.GoOn();
  return absl::OkStatus();
}

SweepCounts Sweep::counts() const {
  return {.lists = read_lists_.value(),
          .incomplete_lists = incomplete_lists_.value(),
          .orphans = found_orphans_.value(),
          .hung_up = hung_up_.value(),
          .failed_hangups = failed_hangups_.value(),
          .missing = missing_calls_.value()};
}

Command Sweep::MakeErrand(const std::string& account, const std::string& session_id) {
  Command errand;
  errand.set_account(account);
  errand.set_session_id(session_id);
  errand.set_number(++last_errand_);
  errand.set_attempt(1);
  return errand;
}

std::optional<base::Time> Sweep::SendErrands() {
  while (!errands_.empty()) {
    const std::optional<base::Time> later = pace_.TryTake(errands_.front(), clock_.Now());
    if (later) return later;
    const Command errand = std::move(errands_.front());
    errands_.pop_front();
    Send(errand);
  }
  return std::nullopt;
}

void Sweep::Send(const Command& errand) {
  ++open_;
  const base::Time now = clock_.Now();
  auto done = [answers = answers_, sweep = sweep_, errand, now](CommandResult result) {
    answers->Put({sweep, errand, now, std::move(result)});
  };
  if (errand.has_find_dial()) {
    survey_.List(errand.account(), std::move(done));
  } else {
    provider_.Send(errand, now + options_.send_by, std::move(done));
  }
}

}  // namespace callbridge::worker
