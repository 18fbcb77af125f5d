#include "webhook/grpc_log.h"

#include <absl/strings/str_format.h>
#include <grpc/support/log.h>

#include <string>
#include <string_view>

#include "server/base/log.h"
#include "server/base/throttled_log.h"

namespace callbridge::webhook {
namespace {

void OnGrpcLog(gpr_log_func_args* said) {
  // This object is never destroyed, because gRPC's threads may outlive all other objects. It is
  // never flushed, so the count of a place's last errors is logged with its next error, if there is
  // one.
  static base::ThrottledLog& log = *new base::ThrottledLog;
  const std::string_view path = said->file;
  const std::string place =
      absl::StrFormat("%s:%d", std::string(path.substr(path.rfind('/') + 1)), said->line);
  const auto level =
      said->severity == GPR_LOG_SEVERITY_ERROR ? base::LogLevel::kWarning : base::LogLevel::kInfo;
  log.Log(level, "grpc_says", place, said->message);
}

}  // namespace

void TakeGrpcLog() { gpr_set_log_function(OnGrpcLog); }

}  // namespace callbridge::webhook
