// Checks StartBridge against the contract and the settings. The result is either every violation,
// or the input that the flow steps, with all defaults filled in. Pure; only the store knows whether
// an offered session exists.
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
  // The session of an incoming call. Empty means that the caller is to be dialled.
  std::string offered_session_id;
  // Remarks about valid fields that the client should know.
  std::vector<std::string> warnings;
};

// settings: with all defaults filled in. rules: made from these settings. Fails with INVALID_FIELD
// and every violation, NOT_YET_SUPPORTED, DESTINATION_NOT_ALLOWED or CALLER_ID_NOT_ALLOWED.
absl::StatusOr<CheckedStart> CheckStartBridge(const v1::StartBridgeRequest& request,
                                              const config::v1::Settings& settings,
                                              const settings::DialingRules& rules,
                                              const Asker& asker, base::Time now);

}  // namespace callbridge::api
