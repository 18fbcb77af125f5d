#include "server/worker/worker.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "server/base/log.h"
#include "server/worker/outcome_log.h"
#include "server/worker/sweep.h"

namespace callbridge::worker {
namespace {

using internal::v1::Command;

// While a session is skipped, the timers of other sessions may be this late.
constexpr std::chrono::seconds kPassedOverPause{1};

std::optional<base::Time> FirstTimer(const internal::v1::Session& session) {
  std::optional<base::Time> first;
  for (const internal::v1::Timer& timer : session.timers()) {
    first = base::Earlier(first, base::FromTimestamp(timer.due_time()));
  }
  return first;
}

}  // namespace

Worker::Worker(WorkerStore store, provider::Provider& provider, provider::Pace& pace,
               const base::Clock& clock, StepFunction step, WorkerOptions options, Sweep* sweep)
    : inbox_(store.get<store::Inbox>()),
      work_(store.get<store::Work>()),
      ledger_(store.get<store::Ledger>()),
      upkeep_(store.get<store::Upkeep>()),
      clock_(clock),
      step_(std::move(step)),
      options_(options),
      sweep_(sweep),
      failed_sessions_(work_, step_, clock, sweep),
      flights_(std::make_shared<Flights>(ledger_, pace, clock)),
      dispatcher_(ledger_, provider, pace, flights_) {}

absl::StatusOr<base::Time> Worker::RunOnce() {
  const base::Time begin = clock_.Now();
  const absl::StatusOr<base::Time> wanted = Round();
  if (!wanted.ok()) return wanted;
  const base::Time end = clock_.Now();
  const base::Time next = std::min<base::Time>(*wanted, end + options_.rounds_apart);
  // A round that took long was interrupted, and what it loaded is old. The next round must notice
  // this pause as well.
  next_round_time_ = end - begin > base::kPauseMin ? begin : std::max(next, end);
  return next;
}

absl::StatusOr<base::Time> Worker::Round() {
  absl::Status status;
  if (!start_time_) {
    status = Begin();
  } else if (const base::Time now = clock_.Now(); ComesAfterPause(now)) {
    status = Resume(now);
    if (status.ok()) {
      base::Log(base::LogLevel::kWarning, "worker_paused",
                {{"pause_s", std::chrono::duration<double>(now - *next_round_time_).count()}});
    }
  }
  if (status.ok()) status = flights_->StoreResults();
  // The store cannot tell the commands of other workers from these. So only a worker that is alone
  // settles them here, and otherwise GiveUpOverdue does.
  if (status.ok() && options_.alone) status = dispatcher_.EndDoubt();
  if (status.ok()) status = MeasureLoad();
  if (status.ok()) status = Maintain();
  if (!status.ok()) return status;
  const absl::StatusOr<bool> stepped = StepSessions();
  if (!stepped.ok()) return stepped.status();
  const absl::StatusOr<std::optional<base::Time>> dispatched =
      taking_ ? dispatcher_.Dispatch(clock_.Now()) : std::nullopt;
  if (!dispatched.ok()) return dispatched.status();
  std::optional<base::Time> swept;
  if (sweep_ != nullptr && taking_) {
    const absl::StatusOr<base::Time> again = sweep_->RunOnce();
    if (!again.ok()) return again.status();
    swept = *again;
  }
  if (*stepped) return clock_.Now();
  const absl::StatusOr<base::Time> next = NextTime();
  if (!next.ok()) return next.status();
  return *base::Earlier(base::Earlier(*dispatched, *next), swept);
}

absl::Status Worker::Begin() {
  const absl::StatusOr<int> forgotten = options_.alone ? BeginAlone() : 0;
  if (!forgotten.ok()) return forgotten.status();
  unknown_commands_ += *forgotten;
  const base::Time now = clock_.Now();
  if (const absl::Status status = Resume(now); !status.ok()) return status;
  start_time_ = now;
  next_maintain_time_ = now + options_.maintain_interval;
  base::Log(base::LogLevel::kInfo, "worker_started",
            {{"alone", options_.alone},
             {"after_crash", after_crash_},
             {"unknown_commands", unknown_commands_}});
  return absl::OkStatus();
}

bool Worker::ComesAfterPause(base::Time now) const {
  return overdue_fired_ && next_round_time_ && now - *next_round_time_ > base::kPauseMin;
}

absl::Status Worker::Resume(base::Time now) {
  const absl::StatusOr<std::vector<Command>> pending =
      ledger_.PendingCommands(base::Time::max(), base::kResumeWindow);
  if (!pending.ok()) return pending.status();
  std::vector<store::NewInput> inputs;
  for (const Command& command : *pending) {
    if (!command.has_dial_leg()) continue;
    store::NewInput input;
    input.session_id = command.session_id();
    *input.input.mutable_receive_time() = base::ToTimestamp(now);
    input.input.mutable_worker_resumed();
    inputs.push_back(std::move(input));
  }
  if (!inputs.empty()) {
    const auto appended = inbox_.AppendInputs(inputs, now);
    if (!appended.ok()) return appended.status();
  }
  resume_time_ = now;
  overdue_fired_ = false;
  return absl::OkStatus();
}

absl::StatusOr<int> Worker::BeginAlone() {
  // BeginRun is called once. If a later part of the start fails, a second call would take this run
  // for one that crashed.
  if (!begun_) {
    const absl::StatusOr<bool> crashed = upkeep_.BeginRun();
    if (!crashed.ok()) return crashed.status();
    after_crash_ = *crashed;
    begun_ = true;
  }
  return ledger_.MakeInFlightUnknown(clock_.Now());
}

absl::Status Worker::End() { return begun_ ? upkeep_.EndRun() : absl::OkStatus(); }

bool Worker::careful() const {
  return after_crash_ && clock_.Now() < *start_time_ + base::kCarefulAfterCrash;
}

// Loads up to `limit` sessions that have work. Those that are left alone or damaged are not
// counted, so they take no places of other sessions.
absl::StatusOr<std::vector<store::DueSession>> Worker::LoadWorks(base::Time until, int limit) {
  auto works = work_.NextSessions(until, limit + passed_over(), true);
  if (!works.ok()) return works.status();
  damaged_ = static_cast<int>(
      std::erase_if(*works, [](const store::DueSession& work) { return work.damaged; }));
  if (damaged_ > 0) {
    damage_log_.Log(base::LogLevel::kError, "sessions_damaged", "they are not stepped",
                    absl::StrFormat("%d sessions", damaged_), base::ThrottledLog::At(clock_.Now()));
  }
  std::erase_if(*works, [this](const store::DueSession& work) {
    return failed_sessions_.IsLeftAlone(work.session_id);
  });
  return works;
}

int Worker::passed_over() const { return failed_sessions_.left_alone() + damaged_; }

absl::StatusOr<std::vector<store::DueSession>> Worker::NextWorks(base::Time now) {
  next_timer_.reset();
  if (now < resume_time_ + options_.timers_wait) return NextWorksWithoutOverdue(now);
  overdue_fired_ = true;
  return LoadWorks(now, base::kStepBatchMax);
}

// While overdue timers wait, looks through everything that is due until they may fire. So the other
// timers fire on time.
absl::StatusOr<std::vector<store::DueSession>> Worker::NextWorksWithoutOverdue(base::Time now) {
  auto works = LoadWorks(resume_time_ + options_.timers_wait, base::kStartWindow);
  if (!works.ok()) return works.status();
  std::erase_if(*works, [this, now](const store::DueSession& work) {
    if (!work.inputs.empty()) return false;
    // A session that wakes without a timer waits with the overdue ones.
    const base::Time due = FirstTimer(work.session).value_or(base::Time::min());
    if (due < resume_time_) return true;
    if (due <= now) return false;
    next_timer_ = base::Earlier(next_timer_, due);
    return true;
  });
  works->resize(std::min<std::size_t>(works->size(), base::kStepBatchMax));
  return works;
}

absl::StatusOr<bool> Worker::StepSessions() {
  const base::Time loaded = clock_.Now();
  const int damaged_before = damaged_;
  absl::StatusOr<std::vector<store::DueSession>> works = NextWorks(loaded);
  if (!works.ok()) return works.status();
  // Sessions that were found to be damaged took places of other sessions, which the next round
  // loads.
  const bool any = !works->empty() || damaged_ > damaged_before;
  absl::Status status = failed_sessions_.GiveUpHopeless(*works);
  if (status.ok() && !careful()) status = StepTogether(*works, loaded);
  for (const store::DueSession& work : *works) {
    if (status.ok() && careful()) status = StepAlone(work, loaded);
  }
  if (!status.ok()) return status;
  return any;
}

absl::Status Worker::StepTogether(const std::vector<store::DueSession>& works, base::Time loaded) {
  std::vector<store::SessionCommit> commits;
  commits.reserve(works.size());
  for (const store::DueSession& work : works) commits.push_back(Step(work, loaded));
  const absl::StatusOr<std::vector<Command>> taken = TakeIssued(works, loaded, commits);
  if (!taken.ok()) return taken.status();
  return CommitAll(works, commits, *taken, loaded + base::kSendBy);
}

absl::StatusOr<std::vector<Command>> Worker::TakeIssued(
    const std::vector<store::DueSession>& works, base::Time loaded,
    std::vector<store::SessionCommit>& commits) {
  std::vector<Command> taken;
  if (!taking_) return taken;
  const absl::StatusOr<std::vector<Command>> chosen =
      dispatcher_.ChooseIssued(works, commits, loaded);
  if (!chosen.ok()) return chosen.status();
  for (const Command& command : *chosen) {
    store::SessionCommit& commit = *std::find_if(
        commits.begin(), commits.end(),
        [&command](const auto& one) { return one.session_id == command.session_id(); });
    const Surroundings surroundings = SurroundingsOf(commit.session);
    if (StepTaken(command, step_, loaded, loaded + base::kSendBy, surroundings, commit)) {
      taken.push_back(command);
    } else {
      dispatcher_.GiveBack(command);
    }
  }
  return taken;
}

// Steps sessions one at a time after a crash that one of them may have caused. Each gets a mark on
// the disk before it is stepped, so that its marks identify the session that kills the server.
absl::Status Worker::StepAlone(const store::DueSession& work, base::Time loaded) {
  // The marks that this run made do not count, because no crash followed. The store refused the
  // commit after them, or did not answer.
  int& own_marks = own_marks_[work.session_id];
  const int marks_before = own_marks++;
  const absl::StatusOr<int> marks = work_.MarkStepping(work.session_id);
  if (!marks.ok()) return marks.status();
  if (*marks - marks_before >= base::kSteppingMarksMax) {
    return failed_sessions_.Condemn(work, "stepping it ended the server");
  }
  return CommitAll({work}, {Step(work, loaded)}, {}, loaded);
}

Surroundings Worker::SurroundingsOf(const internal::v1::Session& session) const {
  Surroundings surroundings{.routine_look_period = routine_look_period_};
  // No prompt follows after the announcement.
  if (!session.has_connected() && !session.has_outcome()) {
    surroundings.prompt_lengths = prompt_lengths_.Of(session);
  }
  return surroundings;
}

store::SessionCommit Worker::Step(const store::DueSession& work, base::Time loaded) const {
  return StepInputs(work, step_, loaded, SurroundingsOf(work.session));
}

absl::Status Worker::CommitAll(const std::vector<store::DueSession>& works,
                               const std::vector<store::SessionCommit>& commits,
                               const std::vector<Command>& taken, base::Time send_by) {
  if (commits.empty()) return absl::OkStatus();
  const absl::StatusOr<std::vector<absl::Status>> statuses = work_.Commit(commits, clock_.Now());
  if (!statuses.ok()) {
    for (const Command& command : taken) dispatcher_.GiveBack(command);
    // The store may have made the commit although it returned an error.
    if (!taken.empty()) dispatcher_.Doubt();
    return statuses.status();
  }
  std::set<std::string> stored;
  absl::Status failure;
  for (std::size_t index = 0; index < works.size(); ++index) {
    const absl::Status& status = (*statuses)[index];
    if (status.ok()) {
      stored.insert(works[index].session_id);
      failed_sessions_.ForgetAborts(works[index].session_id);
      LogOutcome(commits[index]);
      prompt_lengths_.Learn(works[index].session, commits[index]);
      continue;
    }
    const std::string why(status.message());
    failure.Update(absl::IsAborted(status) ? failed_sessions_.OnAborted(works[index], why)
                                           : failed_sessions_.Condemn(works[index], why));
  }
  for (const Command& command : taken) {
    if (stored.contains(command.session_id())) {
      dispatcher_.Send(command, send_by);
    } else {
      dispatcher_.GiveBack(command);
    }
  }
  return failure;
}

bool Worker::watches_flights() const { return !options_.alone || flights_->count() > 0; }

absl::Status Worker::MeasureLoad() {
  const base::Time now = clock_.Now();
  if (now < next_count_time_) return absl::OkStatus();
  const absl::StatusOr<store::Counts> counts = upkeep_.Count();
  if (!counts.ok()) return counts.status();
  next_count_time_ = now + base::kLoadInterval;
  // All living sessions count as talks, because too few looks are better than too many.
  const std::chrono::seconds period{counts->live_sessions / base::kRoutineLooksPerSecond};
  routine_look_period_ = period > base::kRoutineLookPeriodMin ? period : base::Duration::zero();
  return absl::OkStatus();
}

absl::Status Worker::Maintain() {
  const base::Time now = clock_.Now();
  const bool due = now >= next_maintain_time_;
  // GiveUpOverdue asks the store once a minute even if no command is in flight here.
  if (due || (watches_flights() && now >= next_watch_time_)) {
    const absl::Status status =
        flights_->GiveUpOverdue(options_.in_flight_max - options_.in_flight_watch);
    if (!status.ok()) return status;
    next_watch_time_ = now + options_.in_flight_watch;
  }
  if (!due) return absl::OkStatus();
  const absl::StatusOr<bool> more = upkeep_.Maintain(now);
  // The time is set after a failure as well, because the work is not urgent.
  next_maintain_time_ = now + options_.maintain_interval;
  if (!more.ok()) return more.status();
  if (*more) next_maintain_time_ = now + base::kExpireInterval;
  return absl::OkStatus();
}

absl::StatusOr<base::Time> Worker::NextTime() {
  const base::Time now = clock_.Now();
  std::optional<base::Time> next = next_maintain_time_;
  absl::StatusOr<std::optional<base::Time>> wake = work_.NextWakeTime();
  if (!wake.ok()) return wake.status();
  if (*wake) {
    next = base::Earlier(next, std::max(**wake, resume_time_ + options_.timers_wait));
    next = base::Earlier(next, next_timer_);
    // The wake time may belong to a session that is skipped, and then it may be long past.
    if (passed_over() > 0) next = std::max(*next, now + kPassedOverPause);
  }
  if (taking_) {
    const absl::StatusOr<std::optional<base::Time>> command = ledger_.NextCommandTime(now);
    if (!command.ok()) return command.status();
    next = base::Earlier(next, *command);
  }
  if (watches_flights()) next = base::Earlier(next, std::max(now, next_watch_time_));
  if (flights_->answered()) next = now;
  return *next;
}

}  // namespace callbridge::worker
