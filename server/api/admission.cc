#include "server/api/admission.h"

#include "server/api/errors.h"

namespace callbridge::api {

using admission::Answer;

admission::Wish WishOf(const CheckedStart& start) {
  if (!start.offered_session_id.empty()) return {.sessions = 0, .dials = 1, .conferences = 1};
  return {.sessions = 1,
          .dials = 2,
          .conferences = 1,
          .dial_by_time = base::FromTimestamp(start.start.start_before_time())};
}

absl::Status RefusalOf(const Answer& answer, const config::v1::Limits& limits) {
  switch (answer.shortage) {
    case Answer::Shortage::kNone:
      return absl::OkStatus();
    case Answer::Shortage::kSessions:
      return TooManySessions(limits.sessions_max());
    case Answer::Shortage::kDisk:
      return TooLittleDisk(limits.free_disk_bytes_min());
    case Answer::Shortage::kDials:
      return DialBacklog(answer.dials_to_come, answer.dials_per_second, answer.retry_delay);
  }
  return absl::OkStatus();
}

}  // namespace callbridge::api
