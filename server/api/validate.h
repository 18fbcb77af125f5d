// StartBridge checked against the contract and the settings: either everything that is wrong with
// it, or the input that the flow steps, with all defaults filled in. Pure; whether an offered
// session exists is the store's to say.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/v1/bridge_service.pb.h"
#include "server/api/asker.h"
#include "server/base/time.h"
#include "server/settings/dialing_rules.h"

namespace callbridge::api {

struct CheckedStart {
  internal::v1::StartBridge start;
  // Empty: the caller is to be dialled.
  std::string offered_session_id;
  // What is not wrong but worth knowing.
  std::vector<std::string> warnings;
};

// settings: with all defaults filled in; rules: made of them. INVALID_FIELD with every violation,
// NOT_YET_SUPPORTED, DESTINATION_NOT_ALLOWED, CALLER_ID_NOT_ALLOWED.
absl::StatusOr<CheckedStart> CheckStartBridge(const v1::StartBridgeRequest& request,
                                              const config::v1::Settings& settings,
                                              const settings::DialingRules& rules,
                                              const Asker& asker, base::Time now);

// Tells a repetition of a request from a reuse of its id: 32 bytes that depend on every field
// except validate_only.
std::string RequestDigest(const v1::StartBridgeRequest& request);

}  // namespace callbridge::api
