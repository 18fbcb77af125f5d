// What `./dev demo` does to whoever runs it twice: stop, start, and call again over the same store.
#include <gmock/gmock.h>

#include <set>
#include <string>

#include "tests/end_to_end/end_to_end.h"

namespace callbridge::end_to_end {
namespace {

class Demo : public EndToEnd {};

TEST_F(Demo, BridgesANewCallAfterEachStart) {
  SystemOptions options;
  options.simulator_seed = std::nullopt;
  Boot(options);
  std::set<std::string> calls;
  std::set<std::string> sessions;
  for (std::size_t starts = 1; starts <= 3; ++starts) {
    const std::string call = provider().StartCall(kCaller, kAnsweredDid);
    const std::string session = system().AwaitSessionOf(call).session_id();
    Until(session, "parties_connected");
    provider().HangUp(call);
    EXPECT_EQ(ToEnd(session).Outcome().result(), v1::Outcome::RESULT_COMPLETED);
    calls.insert(call);
    sessions.insert(session);
    EXPECT_EQ(calls.size(), starts) << "the simulator gave an id again: " << call;
    EXPECT_EQ(sessions.size(), starts) << "the call belongs to an older session: " << session;
    if (HasFailure() || starts == 3) return;
    system().Stop();
    ASSERT_NO_FATAL_FAILURE(system().Start());
  }
}

}  // namespace
}  // namespace callbridge::end_to_end
