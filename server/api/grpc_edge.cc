#include "server/api/grpc_edge.h"

#include <grpc/support/time.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/api/errors.h"
#include "server/base/throttled_log.h"

namespace callbridge::api {
namespace {

std::chrono::steady_clock::time_point DeadlineOf(const grpc::ServerContextBase& context) {
  const gpr_timespec deadline = context.raw_deadline();
  if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) == 0) {
    return std::chrono::steady_clock::time_point::max();
  }
  const gpr_timespec left = gpr_time_sub(deadline, gpr_now(deadline.clock_type));
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(gpr_time_to_millis(left));
}

// Logs how the store failed, because callers learn only that it failed. Without this line no
// operator would learn why a call fails again and again on a damaged page.
void LogStoreFailure(const absl::Status& status) {
  // This object is never destroyed, like the log itself, and is never flushed. The count of the
  // last failures is logged with the next failure of their kind, if there is one.
  static base::ThrottledLog& log = *new base::ThrottledLog();
  log.Log(base::LogLevel::kError, "store_failed", absl::StatusCodeToString(status.code()),
          std::string_view(status.message().data(), status.message().size()));
}

}  // namespace

Asker MakeAsker(const grpc::ServerContextBase& context) {
  Asker asker;
  asker.deadline = DeadlineOf(context);
  const std::shared_ptr<const grpc::AuthContext> authentication = context.auth_context();
  if (authentication != nullptr && authentication->IsPeerAuthenticated()) {
    const auto names = authentication->GetPeerIdentity();
    if (!names.empty()) {
      asker.identity = std::string(names.front().data(), names.front().size());
    }
  }
  const auto header = context.client_metadata().find("traceparent");
  if (header != context.client_metadata().end()) {
    asker.trace_id = TraceIdOf(std::string(header->second.data(), header->second.size()));
  }
  return asker;
}

gpr_timespec SteadyIn(base::Duration delay) {
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                      gpr_time_from_nanos(delay.count(), GPR_TIMESPAN));
}

grpc::Status CallerGone() { return {grpc::StatusCode::CANCELLED, "The caller has gone."}; }

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) {
    return grpc::Status::OK;
  }
  const std::optional<std::string> details = DetailsOf(status);
  if (!details.has_value()) {
    LogStoreFailure(status);
    return ToGrpcStatus(absl::IsDataLoss(status) ? StoreDamaged() : StoreUnavailable());
  }
  // Both libraries number the codes as google.rpc.Code does.
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()),
                      *details);
}

}  // namespace callbridge::api
