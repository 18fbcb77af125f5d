#include "tests/end_to_end/end_to_end.h"

#include <gmock/gmock.h>

#include <iostream>

#include "tests/end_to_end/logs.h"

namespace callbridge::end_to_end {

void EndToEnd::Boot(SystemOptions options) {
  system_ = std::make_unique<System>(std::move(options));
  system_->Start();
}

void EndToEnd::TearDown() {
  if (system_ == nullptr) return;
  std::string description;
  // Before the stop, while the simulator can still be asked.
  if (HasFailure()) description = system_->Describe();
  system_->Stop();
  // "command" is what a person sees; the CLI masks numbers too, but shows prompts when asked for a
  // whole session.
  EXPECT_THAT(FindLogDefects(system_->folder(), {"server", "webhook"}), testing::IsEmpty());
  if (HasFailure()) {
    std::cerr << (description.empty() ? system_->folder().string() + "\n" : description)
              << LogTails(system_->folder()) << std::endl;
  }
  system_.reset();
}

v1::StartBridgeRequest EndToEnd::DialBoth(const std::string& request_id,
                                          const std::string& callee) {
  v1::StartBridgeRequest request;
  request.set_request_id(request_id);
  request.mutable_caller()->mutable_dial()->mutable_phone()->set_number(kCaller);
  request.add_callees()->mutable_endpoint()->mutable_phone()->set_number(callee);
  return request;
}

v1::Session EndToEnd::Start(const v1::StartBridgeRequest& request) {
  const auto response = system_->client().StartBridge(request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->session() : v1::Session();
}

}  // namespace callbridge::end_to_end
