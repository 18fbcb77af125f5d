#include "callbridge/error_details.h"

#include <absl/strings/cord.h>
#include <google/protobuf/any.pb.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace callbridge::client {
namespace {

constexpr char kPayloadType[] = "type.googleapis.com/google.rpc.Status";

void Take(const google::protobuf::Any& detail, ErrorDetails& details) {
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  google::rpc::RetryInfo retry;
  if (detail.Is<google::rpc::ErrorInfo>() && detail.UnpackTo(&info)) {
    details.reason = info.reason();
    details.metadata.insert(info.metadata().begin(), info.metadata().end());
  } else if (detail.Is<google::rpc::BadRequest>() && detail.UnpackTo(&bad_request)) {
    for (const auto& violation : bad_request.field_violations()) {
      details.field_violations.push_back({violation.field(), violation.description()});
    }
  } else if (detail.Is<google::rpc::RetryInfo>() && detail.UnpackTo(&retry)) {
    details.retry_delay = std::chrono::seconds(retry.retry_delay().seconds()) +
                          std::chrono::milliseconds(retry.retry_delay().nanos() / 1'000'000);
  }
}

}  // namespace

absl::Status ToAbslStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  if (!status.error_details().empty()) {
    result.SetPayload(kPayloadType, absl::Cord(status.error_details()));
  }
  return result;
}

ErrorDetails DetailsOf(const absl::Status& status) {
  ErrorDetails details;
  const auto payload = status.GetPayload(kPayloadType);
  google::rpc::Status rpc_status;
  if (!payload.has_value() || !rpc_status.ParseFromString(std::string(*payload))) return details;
  for (const google::protobuf::Any& detail : rpc_status.details()) Take(detail, details);
  return details;
}

bool IsResumeTokenExpired(const absl::Status& status) {
  return absl::IsOutOfRange(status) && DetailsOf(status).reason == "RESUME_TOKEN_EXPIRED";
}

}  // namespace callbridge::client
