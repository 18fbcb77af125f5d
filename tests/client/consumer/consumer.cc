// A program of a user of the installed client library. There is no service where it asks, and it
// expects to be told so.
#include <chrono>
#include <iostream>

#include "callbridge/client.h"
#include "callbridge/connection.h"

int main() {
  callbridge::client::CallOptions options;
  options.attempts_max = 1;
  options.attempt_timeout = std::chrono::seconds(5);
  callbridge::client::Client client(
      callbridge::client::Connect({.address = "unix:/nowhere/callbridge.sock", .tls = {}}),
      options);
  callbridge::v1::StartBridgeRequest request;
  request.set_request_id(callbridge::client::MakeRequestId());
  request.add_callees()->mutable_endpoint()->mutable_phone()->set_number("+447700900456");
  const absl::Status status = client.StartBridge(request).status();
  std::cout << status << "\n";
  return status.code() == absl::StatusCode::kUnavailable ? 0 : 1;
}
