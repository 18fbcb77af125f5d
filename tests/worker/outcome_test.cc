// The one line that a session writes in the log.
#include "server/base/log.h"
#include "server/worker/worker.h"
#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::Input;
using internal::v1::Transition;
using ::testing::AllOf;
using ::testing::HasSubstr;

// Tells of the end, and of something before and after it.
void TellTheEnd(Transition& transition, callbridge::v1::EndReason reason) {
  Tell(transition);
  Tell(transition);
  callbridge::v1::SessionEvent& event = *transition.mutable_events()->rbegin();
  event.mutable_session_ending()->mutable_outcome()->set_reason(reason);
  Tell(transition);
}

std::vector<std::string> EndingLines(const base::LogCapture& log) {
  std::vector<std::string> lines;
  for (const std::string& line : log.Lines()) {
    if (line.find("session_ending") != std::string::npos) lines.push_back(line);
  }
  return lines;
}

TEST_F(WorkerTest, ASessionWritesOneLineWhenItsOutcomeIsDurable) {
  int steps = 0;
  flow_ = [&](const Input&, Transition& transition) {
    const std::string& name = transition.session().session_id();
    if (name == "s_raced" && ++steps == 1) {
      // Another worker was faster, with a step that consumed nothing.
      store::SessionCommit other;
      other.session_id = name;
      ASSERT_TRUE(store_->Commit({other}, clock_.Now())->front().ok());
    }
    transition.mutable_session()->mutable_ending();
    TellTheEnd(transition, callbridge::v1::END_REASON_HUNG_UP);
  };
  const base::LogCapture log;
  for (const char* name : {"s_1", "s_raced"}) {
    Begin(name);
    ASSERT_TRUE(Settle());
    ASSERT_FALSE(EndingLines(log).empty()) << name;
    EXPECT_THAT(EndingLines(log).back(),
                AllOf(HasSubstr(std::string(R"("session":")") + name + "\""),
                      HasSubstr("END_REASON_HUNG_UP"), HasSubstr(R"("level":"info")")));
  }
  EXPECT_EQ(EndingLines(log).size(), 2U);
}

TEST_F(WorkerTest, ASessionThatADefectHasEndedIsAnErrorInTheLog) {
  flow_ = [](const Input&, Transition& transition) {
    transition.mutable_session()->mutable_ending();
    TellTheEnd(transition, callbridge::v1::END_REASON_INTERNAL);
  };
  const base::LogCapture log;
  Begin();
  ASSERT_TRUE(Settle());
  ASSERT_EQ(EndingLines(log).size(), 1U);
  EXPECT_THAT(EndingLines(log).front(), HasSubstr(R"("level":"error")"));
}

// docs/provider.md §6: the name does not tell whether the calls configuration exists.
TEST_F(WorkerTest, AnErrorThatMayBeTheOperatorsIsAWarningBesides) {
  std::string name;
  flow_ = [&name](const Input&, Transition& transition) {
    transition.mutable_session()->mutable_ending();
    TellTheEnd(transition, callbridge::v1::END_REASON_UNREACHABLE);
    for (callbridge::v1::SessionEvent& event : *transition.mutable_events()) {
      if (!event.has_session_ending()) continue;
      event.mutable_session_ending()->mutable_outcome()->mutable_provider_error()->set_name(name);
    }
  };
  const base::LogCapture log;
  const auto warnings = [&log] {
    std::size_t count = 0;
    for (const std::string& line : log.Lines()) {
      count += line.find("call_failed_by_the_provider") != std::string::npos ? 1 : 0;
    }
    return count;
  };
  name = "BUSY";
  Begin("s_busy");
  ASSERT_TRUE(Settle());
  EXPECT_EQ(warnings(), 0U);
  name = "SERVICE_UNAVAILABLE";
  Begin("s_unavailable");
  ASSERT_TRUE(Settle());
  EXPECT_EQ(warnings(), 1U);
  EXPECT_EQ(EndingLines(log).size(), 2U);
}

}  // namespace
}  // namespace callbridge::worker
