// The fixture of all end-to-end tests: boots a system, and when the test is over stops it, holds
// its logs against their promises, and after a failure prints what a person needs to understand it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/end_to_end/reading.h"
#include "tests/end_to_end/system.h"

namespace callbridge::end_to_end {

class EndToEnd : public testing::Test {
 protected:
  void TearDown() override;
  // Once in each test, before anything else.
  void Boot(SystemOptions options = {});
  System& system() { return *system_; }
  const SimulatedProvider& provider() const { return system_->provider(); }

  // A request that dials the caller and then the callee.
  static v1::StartBridgeRequest DialBoth(const std::string& request_id,
                                         const std::string& callee = kCallee);
  // The session that is started; fails the test if it is refused.
  v1::Session Start(const v1::StartBridgeRequest& request);
  Reading Until(const std::string& session_id, const std::string& description) {
    return ReadUntil(system_->stub(), session_id, description);
  }
  Reading ToEnd(const std::string& session_id) { return ReadToEnd(system_->stub(), session_id); }

 private:
  std::unique_ptr<System> system_;
};

}  // namespace callbridge::end_to_end
