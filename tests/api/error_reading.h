// Reads an error of the API back as a client would: out of the trailers' google.rpc.Status.
#pragma once

#include <grpcpp/support/status.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "server/base/time.h"

namespace callbridge::tests {

struct ReadError {
  int code = 0;
  std::string reason;
  std::string domain;
  std::map<std::string, std::string> metadata;
  // Paths of the violations.
  std::vector<std::string> fields;
  std::optional<base::Duration> retry_delay;
};

// Fails the calling test if the details cannot be read.
ReadError ReadErrorOf(const grpc::Status& status);

// The reason alone; empty for OK.
std::string ReasonOf(const grpc::Status& status);

}  // namespace callbridge::tests
