// The method StartBridge: checks, limits, the durable input, and the answer that follows from the
// reply of its step. A known request_id is answered from what is stored before any other check, so
// that changed settings never affect a repetition.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/v1/bridge_service.pb.h"
#include "server/api/admission.h"
#include "server/api/asker.h"
#include "server/api/validate.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/settings/dialing_rules.h"
#include "server/store/inbox.h"
#include "server/store/roles.h"
#include "server/store/sessions.h"

namespace callbridge::api {

// Thread-safe. The parameters must outlive it.
class BridgeStarter {
 public:
  // settings: with all defaults filled in.
  BridgeStarter(store::Roles<store::Inbox, store::Sessions> store,
                const config::v1::Settings& settings, admission::Room& room,
                const base::Clock& clock, base::RandomBits& random_bits);

  // A durable input that owns a request_id.
  struct Claim {
    std::string session_id;
    std::int64_t input_id = 0;
    bool replayed = false;
    std::vector<std::string> warnings = {};
  };
  // Either the answer (validate_only), or a claim whose step gives the reply.
  using Begun = std::variant<v1::StartBridgeResponse, Claim>;

  absl::StatusOr<Begun> Begin(const v1::StartBridgeRequest& request, const Asker& asker);
  // Returns the answer to the claim. If `reply` is absent, no step came in time: UNAVAILABLE.
  absl::StatusOr<v1::StartBridgeResponse> Answer(
      const Claim& claim, const std::optional<internal::v1::Reply>& reply) const;

 private:
  // Returns the claim of a known request_id. NOT_FOUND means that the request_id is free.
  absl::StatusOr<Claim> FindClaim(const v1::StartBridgeRequest& request, const std::string& digest);
  absl::StatusOr<Claim> Append(const v1::StartBridgeRequest& request, const CheckedStart& checked,
                               const std::string& digest, base::Time now);
  // Returns the session as it would start, and stores no input.
  absl::StatusOr<v1::StartBridgeResponse> Preview(const CheckedStart& checked, base::Time now);

  store::Inbox& inbox_;
  store::Sessions& sessions_;
  const config::v1::Settings& settings_;
  admission::Room& room_;
  const settings::DialingRules rules_;
  const base::Clock& clock_;
  base::RandomBits& random_bits_;
};

}  // namespace callbridge::api
