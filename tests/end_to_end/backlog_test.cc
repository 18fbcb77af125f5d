// A server that is away: what the ingress holds meanwhile is taken by the server that comes back,
// all of it.
#include <absl/strings/str_format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "server/base/ingress_limits.h"
#include "tests/end_to_end/end_to_end.h"

namespace callbridge::end_to_end {
namespace {

using Steady = std::chrono::steady_clock;

class Backlog : public EndToEnd {};

// As large as the provider's own, and of a call that is no session's.
std::string Ringing(std::size_t number) {
  return absl::StrFormat(
      R"({"type":"CALL_RINGING","callId":"stranger-%d","timestamp":"2026-01-15T12:00:10.000+0000",)"
      R"("properties":{"call":{"id":"stranger-%d","endpoint":{"type":"PHONE","phoneNumber":)"
      R"("447700900456"},"from":"442079460001","to":"447700900456","direction":"OUTBOUND",)"
      R"("state":"RINGING","startTime":"2026-01-15T12:00:08.000+0000","customData":)"
      R"({"note":"%s"}}}})",
      number, number, std::string(1'000, 'x'));
}

TEST_F(Backlog, IsTakenWholeByTheServerThatComesBack) {
  // The test and the ingress, which inherits it, hold a socket for each webhook.
  rlimit files{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = files.rlim_max;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);
  Boot();
  system().server().Signal(SIGTERM);
  ASSERT_EQ(system().server().WaitExit(std::chrono::seconds(10)), std::optional<int>(0));
  std::vector<std::unique_ptr<webhook::HttpClient>> senders;
  std::vector<Steady::time_point> sent;
  for (std::size_t i = 0; i < base::kHandOverRequestsMax; ++i) {
    sent.push_back(Steady::now());
    senders.push_back(system().SendWebhook(Ringing(i)));
  }
  ASSERT_NO_FATAL_FAILURE(system().StartServer());
  // The ingress finds the server within one more attempt. On a slow machine it has held the first
  // of them for as long as it may by then, and those only may be refused.
  const Steady::time_point back = Steady::now() + std::chrono::seconds(1);
  for (std::size_t i = 0; i < senders.size(); ++i) {
    const int status = static_cast<int>(senders[i]->Receive().status);
    const bool held_too_long = back - sent[i] >= base::kHandOverHold;
    ASSERT_TRUE(status == 200 || (status == 503 && held_too_long)) << i << ": " << status;
  }
}

}  // namespace
}  // namespace callbridge::end_to_end
