// `callbridge`, the program that a person types, against the real server.
#include <gmock/gmock.h>
#include <simdjson.h>

#include "tests/end_to_end/end_to_end.h"

namespace callbridge::end_to_end {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class CommandLine : public EndToEnd {
 protected:
  // `callbridge start` with both people. The callee's telephone rings until a test has run several
  // programs.
  static std::vector<std::string> StartArguments(const std::string& callee) {
    return {"start", "--caller", kCaller, "--callee", callee, "--ring", "60s"};
  }
  CommandResult StartAndWait(const std::string& callee) {
    std::vector<std::string> arguments = StartArguments(callee);
    arguments.push_back("--wait");
    return system().RunCommand(arguments);
  }
};

TEST_F(CommandLine, WaitsForTheOutcomeAndExitsWithIt) {
  Boot();
  provider().SetPeople({{kCallee, "answers:2,hangs-up:8"}});
  const CommandResult completed = StartAndWait(kCallee);
  EXPECT_EQ(completed.exit, 0) << completed.out << completed.err;
  EXPECT_THAT(completed.out,
              AllOf(HasSubstr("CONNECTED"), HasSubstr("ENDED"), HasSubstr("COMPLETED: "),
                    HasSubstr("+44********56"), Not(HasSubstr(kCallee))));
  const CommandResult unreached = StartAndWait(kBusyCallee);
  EXPECT_EQ(unreached.exit, 10) << unreached.out << unreached.err;
  EXPECT_THAT(unreached.out, HasSubstr("CALLEE_UNREACHED: "));
  system().ExpectNothingLeft();
}

TEST_F(CommandLine, ShowsListsWatchesAndEndsASession) {
  Boot();
  provider().SetPeople({{kCallee, "answers:600"}});
  std::vector<std::string> start = StartArguments(kCallee);
  start.insert(start.end(), {"--request-id", "typed", "--label", "team=support", "--json"});
  ASSERT_EQ(system().RunCommand(start).exit, 0);
  const auto listed = system().client().ListSessions({});
  ASSERT_TRUE(listed.ok() && listed->sessions_size() == 1) << listed.status();
  const std::string id = listed->sessions(0).session_id();

  EXPECT_THAT(system().RunCommand({"list", "--label", "team=support"}).out, HasSubstr(id));
  EXPECT_THAT(system().RunCommand({"list", "--label", "team=sales"}).out, Not(HasSubstr(id)));
  const CommandResult got = system().RunCommand({"get", id, "--json", "--show-numbers"});
  EXPECT_EQ(got.exit, 0) << got.err;
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  ASSERT_EQ(parser.parse(got.out).get(json), simdjson::SUCCESS) << got.out;
  EXPECT_THAT(got.out, AllOf(HasSubstr(id), HasSubstr(kCallee), HasSubstr("\"typed\"")));

  const CommandResult ended = system().RunCommand({"end", id, "--reason", "tea time"});
  EXPECT_EQ(ended.exit, 0) << ended.err;
  const CommandResult watched = system().RunCommand({"watch", id, "--exit-status"});
  EXPECT_EQ(watched.exit, 14) << watched.out << watched.err;
  EXPECT_THAT(watched.out, AllOf(HasSubstr("tea time"), HasSubstr("CANCELLED: ")));
  EXPECT_EQ(system().RunCommand({"get", "s_01JDNOSUCHSESSION000000000"}).exit, 4);
  system().ExpectNothingLeft();
}

TEST_F(CommandLine, SaysThatTheServerIsAway) {
  Boot();
  system().server().Kill();
  const CommandResult away = system().RunCommand({"list", "--timeout", "1s"});
  EXPECT_EQ(away.exit, 5) << away.err;
  EXPECT_THAT(away.err, HasSubstr("api.sock"));
  ASSERT_NO_FATAL_FAILURE(system().StartServer());
}

}  // namespace
}  // namespace callbridge::end_to_end
