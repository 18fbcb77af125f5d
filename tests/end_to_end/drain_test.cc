// SIGTERM: the server says goodbye to whoever listens, and calls go on where they were when it is
// back.
#include <gmock/gmock.h>
#include <signal.h>

#include "tests/end_to_end/end_to_end.h"
#include "tests/end_to_end/preloaded.h"

namespace callbridge::end_to_end {
namespace {

using std::chrono::seconds;

// Below the 5 s after which an idle client notices the server's goodbye: nobody waits for it.
constexpr seconds kDrainLimit{4};

class Drain : public EndToEnd {};

TEST_F(Drain, EndsStreamsWithATokenExitsInTimeAndLosesNoCall) {
  SystemOptions options;
  // The sanitizer's last look at the memory is no part of the exit that is measured. All other
  // tests have it.
  options.server_environment = {SanitizerOptions("detect_leaks=0")};
  Boot(std::move(options));
  provider().SetPeople({{kCallee, "answers:40"}});
  const std::string call = provider().StartCall(kCaller, kAnsweredDid);
  const std::string session = system().AwaitSessionOf(call).session_id();
  Until(session, "leg_ringing callee-1");

  v1::StreamEventsRequest request;
  request.set_position(v1::START_POSITION_BEGINNING);
  request.set_detail(v1::SessionEvent::DETAIL_DIAGNOSTIC);
  std::chrono::steady_clock::time_point told;
  const Reading before =
      Read(system().stub(), request, [&](const v1::StreamEventsResponse& response) {
        if (response.bookmark().kind() == v1::Bookmark::KIND_CAUGHT_UP) {
          told = std::chrono::steady_clock::now();
          system().server().Signal(SIGTERM);
        }
        return false;
      });
  EXPECT_EQ(before.status.error_code(), grpc::StatusCode::UNAVAILABLE)
      << before.status.error_message();
  ASSERT_FALSE(before.bookmarks.empty());
  EXPECT_EQ(before.bookmarks.back().kind(), v1::Bookmark::KIND_CLOSING);
  ASSERT_FALSE(before.token.empty());
  // The client stays connected and idle: that must not delay the exit.
  EXPECT_EQ(system().server().WaitExit(kDrainLimit), std::optional<int>(0));
  EXPECT_LT(std::chrono::steady_clock::now() - told, kDrainLimit);

  ASSERT_NO_FATAL_FAILURE(system().StartServer());
  // The first call finds out that the idle connection is dead; clients repeat it.
  EXPECT_TRUE(system().client().ListSessions({}).ok());
  request.set_resume_token(before.token);
  const Reading after =
      Read(system().stub(), request, [&](const v1::StreamEventsResponse& response) {
        return Describe(response.event()) == "parties_connected";
      });
  ASSERT_TRUE(after.found) << after.status.error_message();
  std::vector<int> sequences = before.Sequences();
  for (const int sequence : after.Sequences()) sequences.push_back(sequence);
  EXPECT_EQ(sequences, FirstNumbers(sequences.size()));
  provider().HangUp(call);
  EXPECT_EQ(ToEnd(session).Outcome().result(), v1::Outcome::RESULT_COMPLETED);
  system().ExpectNothingLeft();
}

}  // namespace
}  // namespace callbridge::end_to_end
