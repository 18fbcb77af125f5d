#include "server/worker/failed_sessions.h"

#include <absl/status/statusor.h>

#include <algorithm>

#include "server/base/limits.h"
#include "server/base/log.h"
#include "server/worker/outcome_log.h"
#include "server/worker/sweep.h"

namespace callbridge::worker {

FailedSessions::FailedSessions(store::Work& work, const StepFunction& step,
                               const base::Clock& clock, Sweep* sweep)
    : work_(work), step_(step), clock_(clock), sweep_(sweep) {}

absl::Status FailedSessions::Condemn(const store::DueSession& work, const std::string& reference) {
  base::Log(base::LogLevel::kError, "session_condemned",
            {{"session", work.session_id}, {"error", reference}});
  const store::SessionCommit commit = StepCondemned(work, step_, reference, clock_.Now());
  const absl::StatusOr<std::vector<absl::Status>> statuses = work_.Commit({commit}, clock_.Now());
  if (!statuses.ok()) return statuses.status();
  const absl::Status& status = statuses->front();
  if (absl::IsAborted(status)) return absl::OkStatus();
  if (status.ok()) LogOutcome(commit);
  // A session is condemned only once, in this run or an earlier one. If it cannot be ended, or goes
  // on failing after that, the next round gives it up.
  if (status.ok() && !work.session.condemned()) return absl::OkStatus();
  hopeless_[work.session_id].reference = reference;
  return absl::OkStatus();
}

absl::Status FailedSessions::OnAborted(const store::DueSession& work, const std::string& why) {
  Aborted& aborted = aborted_[work.session_id];
  const std::int64_t last_input = work.inputs.empty() ? 0 : work.inputs.back().input_id;
  const bool unchanged = aborted.revision == work.revision &&
                         aborted.inputs == work.inputs.size() && aborted.last_input == last_input;
  if (!unchanged) {
    aborted = {.revision = work.revision, .inputs = work.inputs.size(), .last_input = last_input};
  }
  ++aborted.times;
  if (aborted.times == base::kAbortsMax) return Condemn(work, why);
  if (aborted.times > base::kAbortsMax) hopeless_[work.session_id].reference = why;
  return absl::OkStatus();
}

absl::Status FailedSessions::GiveUpHopeless(std::vector<store::DueSession>& works) {
  const auto hopeless = std::stable_partition(
      works.begin(), works.end(),
      [this](const store::DueSession& work) { return !hopeless_.contains(work.session_id); });
  absl::Status status;
  for (auto work = hopeless; status.ok() && work != works.end(); ++work) status = GiveUp(*work);
  works.erase(hopeless, works.end());
  return status;
}

absl::Status FailedSessions::GiveUp(const store::DueSession& work) {
  Hopeless& hopeless = hopeless_.at(work.session_id);
  const bool cautious = hopeless.tries > 0;
  const store::SessionCommit commit =
      StepGivenUp(work, step_, hopeless.reference, clock_.Now(), cautious);
  const absl::StatusOr<std::vector<absl::Status>> statuses = work_.Commit({commit}, clock_.Now());
  // A store that is away does not count as a try.
  if (!statuses.ok()) return statuses.status();
  ++hopeless.tries;
  const absl::Status& status = statuses->front();
  if (status.ok()) {
    base::Log(base::LogLevel::kError, "session_given_up",
              {{"session", work.session_id}, {"error", hopeless.reference}});
    LogOutcome(commit);
    hopeless_.erase(work.session_id);
    ForgetAborts(work.session_id);
  } else if (hopeless.tries >= base::kGiveUpTriesMax) {
    base::Log(base::LogLevel::kError, "session_left_alone",
              {{"session", work.session_id}, {"error", std::string(status.message())}});
    hopeless_.erase(work.session_id);
    ForgetAborts(work.session_id);
    left_alone_.insert(work.session_id);
    if (sweep_ != nullptr) sweep_->Disown(work.session_id);
  }
  return absl::OkStatus();
}

}  // namespace callbridge::worker
