// What operators do with webhooks that were authentic and not readable: list them, let this version
// read them again, or drop them.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <functional>
#include <vector>

#include "callbridge/internal/v1/inbox_service.pb.h"
#include "server/base/clock.h"
#include "server/inbox/intake.h"
#include "server/store/inbox.h"
#include "server/store/roles.h"
#include "server/store/upkeep.h"

namespace callbridge::inbox {

// Reads a webhook's body into inbox items, as the ingress does.
using Translate = std::function<absl::StatusOr<std::vector<internal::v1::InboxItem>>(
    const std::string& body, base::Time receive_time)>;

// Thread-safe. Methods block on the store. The parameters must outlive it.
class Quarantine {
 public:
  // translate may be empty; Replay then returns UNIMPLEMENTED.
  Quarantine(Intake& intake, store::Roles<store::Inbox, store::Upkeep> store,
             const base::Clock& clock, Translate translate);

  // INVALID_ARGUMENT: page_size is negative or above 1,000, or page_token did not come from this
  // method.
  absl::StatusOr<internal::v1::ListQuarantineResponse> List(
      const internal::v1::ListQuarantineRequest& request) const;
  // INVALID_ARGUMENT: more than 1,000 ids.
  absl::StatusOr<internal::v1::ReplayQuarantinedResponse> Replay(
      const internal::v1::ReplayQuarantinedRequest& request);
  absl::StatusOr<internal::v1::DismissQuarantinedResponse> Dismiss(
      const internal::v1::DismissQuarantinedRequest& request);

 private:
  Intake& intake_;
  store::Inbox& inbox_;
  store::Upkeep& upkeep_;
  const base::Clock& clock_;
  const Translate translate_;
};

}  // namespace callbridge::inbox
