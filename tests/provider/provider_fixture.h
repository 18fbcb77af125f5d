// A provider's client that talks to a RawServer, for its tests.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "server/base/clock.h"
#include "server/base/limits.h"
#include "server/provider/infobip_provider.h"
#include "tests/provider/result_box.h"

namespace callbridge::provider {

inline const base::Time kNow{std::chrono::hours(500'000)};
inline constexpr char kDialed[] = R"({"conference":{"id":"cccc"},"call":{"id":"bbbb"}})";

inline AccountOptions Account(const std::string& base_url) {
  AccountOptions options;
  options.base_url = base_url;
  options.authorization_header = "App secret-key";
  options.configuration.id = "bridge-prod";
  return options;
}

inline std::unique_ptr<InfobipProvider> MakeProvider(AccountOptions account,
                                                     const base::Clock& clock,
                                                     Timeouts timeouts = {}) {
  auto provider = MakeInfobipProvider({{"default", std::move(account)}}, "bridge", clock, timeouts);
  EXPECT_TRUE(provider.ok()) << provider.status();
  return *std::move(provider);
}

class InfobipProviderTest : public ::testing::Test {
 protected:
  internal::v1::CommandResult SendAndWait(InfobipProvider& provider,
                                          const internal::v1::Command& command) {
    ResultBox box;
    provider.Send(command, kNow + base::kSendBy, box.Taker());
    return box.Wait();
  }

  base::ManualClock clock_{kNow};
};

}  // namespace callbridge::provider
