#include "server/worker/outcome_log.h"

#include "server/base/log.h"

namespace callbridge::worker {

void LogOutcome(const store::SessionCommit& commit) {
  for (const v1::SessionEvent& event : commit.events) {
    if (!event.has_session_ending()) continue;
    const v1::Outcome& outcome = event.session_ending().outcome();
    const bool defect = outcome.reason() == v1::END_REASON_INTERNAL;
    if (outcome.provider_error().name() == "SERVICE_UNAVAILABLE") {
      base::Log(base::LogLevel::kWarning, "call_failed_by_the_provider",
                {{"session", commit.session_id},
                 {"help",
                  "the provider's error 10309; it also stands for a calls configuration that does "
                  "not exist: compare accounts.default.calls_configuration_id"}});
    }
    base::Log(defect ? base::LogLevel::kError : base::LogLevel::kInfo, "session_ending",
              {{"session", commit.session_id},
               {"result", v1::Outcome::Result_Name(outcome.result())},
               {"reason", v1::EndReason_Name(outcome.reason())},
               {"summary", outcome.summary()}});
  }
}

}  // namespace callbridge::worker
