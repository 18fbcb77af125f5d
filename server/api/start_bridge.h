// The method StartBridge: checks, limits, the durable input, and the answer that follows from what
// its step replied. A known request_id is answered from what is stored before anything else is
// looked at, so that changed settings never spoil a repetition.
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

// Thread-safe. Everything lent must outlive it.
class BridgeStarter {
 public:
  // settings: with all defaults filled in.
  BridgeStarter(store::Roles<store::Inbox, store::Sessions> store,
                const config::v1::Settings& settings, admission::Room& room,
                const base::Clock& clock, base::RandomBits& random_bits);

  // An input that owns a request_id: it is durable.
  struct Claim {
    std::string session_id;
    std::int64_t input_id = 0;
    bool replayed = false;
    std::vector<std::string> warnings = {};
  };
  // The answer at once (validate_only), or a claim, whose step replies.
  using Begun = std::variant<v1::StartBridgeResponse, Claim>;

  absl::StatusOr<Begun> Begin(const v1::StartBridgeRequest& request, const Asker& asker);
  // The answer to the claim. If reply is absent, no step came in time: UNAVAILABLE.
  absl::StatusOr<v1::StartBridgeResponse> Answer(
      const Claim& claim, const std::optional<internal::v1::Reply>& reply) const;

 private:
  // The claim of a request_id that is known already. NOT_FOUND: it is free.
  absl::StatusOr<Claim> FindClaim(const v1::StartBridgeRequest& request, const std::string& digest);
  absl::StatusOr<Claim> Append(const v1::StartBridgeRequest& request, const CheckedStart& checked,
                               const std::string& digest, base::Time now);
  // Returns the session as it would start, and stores nothing.
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
