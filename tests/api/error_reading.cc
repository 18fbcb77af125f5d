#include "tests/api/error_reading.h"

#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace callbridge::tests {

ReadError ReadErrorOf(const grpc::Status& status) {
  ReadError error;
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details())) << status.error_message();
  EXPECT_EQ(details.code(), static_cast<int>(status.error_code()));
  EXPECT_EQ(details.message(), status.error_message());
  error.code = details.code();
  for (const google::protobuf::Any& any : details.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad_request;
    google::rpc::RetryInfo retry;
    if (any.UnpackTo(&info)) {
      error.reason = info.reason();
      error.domain = info.domain();
      error.metadata = {info.metadata().begin(), info.metadata().end()};
    } else if (any.UnpackTo(&bad_request)) {
      for (const auto& violation : bad_request.field_violations()) {
        EXPECT_NE(violation.description(), "");
        error.fields.push_back(violation.field());
      }
    } else if (any.UnpackTo(&retry)) {
      error.retry_delay = base::FromProtoDuration(retry.retry_delay());
    } else {
      ADD_FAILURE() << "an unknown detail: " << any.type_url();
    }
  }
  EXPECT_EQ(error.domain, "callbridge");
  return error;
}

std::string ReasonOf(const grpc::Status& status) {
  return status.ok() ? "" : ReadErrorOf(status).reason;
}

}  // namespace callbridge::tests
