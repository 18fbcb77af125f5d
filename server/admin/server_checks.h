// What doctor asks the running server: what it counted and did not use, and what that means. It
// asks the inbox, which only this machine reaches by default.
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <string>

#include "callbridge/config/v1/settings.pb.h"
#include "callbridge/internal/v1/inbox_service.pb.h"
#include "server/admin/report.h"

namespace callbridge::admin {

// Asks the inbox at this address. UNAVAILABLE or DEADLINE_EXCEEDED: no server answers there.
using AskServer =
    std::function<absl::StatusOr<internal::v1::GetStatusResponse>(const std::string& address)>;

// AskServer over gRPC, with a deadline of a few seconds.
absl::StatusOr<internal::v1::GetStatusResponse> AskServerByGrpc(const std::string& address);

// setup: how setup is called.
void CheckServer(const config::v1::Settings& settings, const AskServer& ask,
                 const std::string& setup, Report& report);

}  // namespace callbridge::admin
