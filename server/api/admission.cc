#include "server/api/admission.h"

#include <absl/status/statusor.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "server/api/errors.h"
#include "server/base/check.h"

namespace callbridge::api {
namespace {

// How long so many dials take to leave.
base::Duration TimeFor(std::int64_t dials, double rate) {
  return std::chrono::milliseconds(
      static_cast<std::int64_t>(std::ceil(1000.0 * static_cast<double>(dials) / rate)));
}

absl::Status CheckBacklog(const Room& room, std::int64_t waiting, base::Duration patience) {
  const auto account = room.settings.accounts().find("default");
  base::Check(account != room.settings.accounts().end() && account->second.rates().dial() > 0,
              "the settings have no dial rate of the default account");
  const double rate = account->second.rates().dial();
  const std::int64_t waiting_max = room.settings.limits().waiting_dials_max();
  // The caller is greeted, the callee is dialled: the last dial of this bridge waits behind all
  // that wait now.
  const base::Duration wait = TimeFor(waiting, rate);
  if (waiting < waiting_max && wait <= patience) {
    return absl::OkStatus();
  }
  const base::Duration until_room = TimeFor(std::max<std::int64_t>(1, waiting - waiting_max), rate);
  const base::Duration until_patient = wait > patience ? wait - patience : base::Duration::zero();
  return DialBacklog(
      waiting, rate,
      std::max<base::Duration>({std::chrono::seconds(1), until_room, until_patient}));
}

}  // namespace

absl::Status CheckRoom(const Room& room, bool takes_offer, base::Time start_before,
                       base::Time now) {
  const config::v1::Limits& limits = room.settings.limits();
  if (!takes_offer && room.free_disk_bytes &&
      room.free_disk_bytes() < limits.free_disk_bytes_min()) {
    return TooLittleDisk(limits.free_disk_bytes_min());
  }
  const absl::StatusOr<store::Counts> counts = room.store.Count();
  if (!counts.ok()) {
    return counts.status();
  }
  if (!takes_offer && counts->live_sessions >= limits.sessions_max()) {
    return TooManySessions(limits.sessions_max());
  }
  return CheckBacklog(room, counts->pending_dials, start_before - now);
}

}  // namespace callbridge::api
