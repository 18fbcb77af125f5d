#include "tests/cli/status.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace callbridge::client {
namespace {

grpc::Status WithDetails(grpc::StatusCode code, const std::string& message,
                         google::rpc::Status details) {
  details.set_code(static_cast<int>(code));
  details.set_message(message);
  return {code, message, details.SerializeAsString()};
}

}  // namespace

grpc::Status MakeError(grpc::StatusCode code, const std::string& reason,
                       std::optional<std::chrono::milliseconds> retry_delay) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("callbridge");
  details.add_details()->PackFrom(info);
  if (retry_delay.has_value()) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(retry_delay->count() / 1000);
    retry.mutable_retry_delay()->set_nanos(static_cast<int>(retry_delay->count() % 1000) *
                                           1'000'000);
    details.add_details()->PackFrom(retry);
  }
  return WithDetails(code, "a test says " + reason, details);
}

grpc::Status MakeFieldError(const std::string& field, const std::string& description) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  info.set_reason("INVALID_FIELD");
  info.set_domain("callbridge");
  (*info.mutable_metadata())["limit"] = "8";
  details.add_details()->PackFrom(info);
  google::rpc::BadRequest bad_request;
  auto& violation = *bad_request.add_field_violations();
  violation.set_field(field);
  violation.set_description(description);
  details.add_details()->PackFrom(bad_request);
  return WithDetails(grpc::StatusCode::INVALID_ARGUMENT, "1 field is wrong", details);
}

}  // namespace callbridge::client
