// Errors as the server makes them, for tests.
#pragma once

#include <grpcpp/support/status.h>

#include <chrono>
#include <optional>
#include <string>

namespace callbridge::client {

// With ErrorInfo, and RetryInfo if a delay is given.
grpc::Status MakeError(grpc::StatusCode code, const std::string& reason,
                       std::optional<std::chrono::milliseconds> retry_delay = std::nullopt);

// INVALID_ARGUMENT with one field violation.
grpc::Status MakeFieldError(const std::string& field, const std::string& description);

}  // namespace callbridge::client
