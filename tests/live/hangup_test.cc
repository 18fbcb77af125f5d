// Every call that a script made is hung up: when the operator stops at any moment, when an answer
// is lost, when a script fails.
#include <gmock/gmock.h>

#include "tests/live/model_line.h"
#include "tests/settings/folder.h"

namespace callbridge::live {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

int CallsAlive(ModelLine& line) {
  int alive = 0;
  for (const auto& [key, call] : line.model().world().calls.things()) alive += !call.ended();
  return alive;
}

TEST(HangUp, FollowsAStopAtEachRequest) {
  settings::Folder folder;
  ModelLine whole(Account());
  Play(whole, OptionsFor(folder.Path("")));
  const int requests = static_cast<int>(whole.sent().size());
  ASSERT_GT(requests, 80);
  for (int stop_at = 1; stop_at <= requests; ++stop_at) {
    ModelLine line(Account());
    line.before = [&](const provider::HttpRequest&) {
      if (static_cast<int>(line.sent().size()) == stop_at) line.Stop();
      return std::nullopt;
    };
    const Findings findings = Play(line, OptionsFor(folder.Path("")));
    ASSERT_EQ(CallsAlive(line), 0) << "stopped at request " << stop_at << ", "
                                   << line.sent().at(static_cast<std::size_t>(stop_at) - 1);
    ASSERT_THAT(findings.alive, IsEmpty()) << stop_at;
    ASSERT_THAT(line.model().world().account.files, IsEmpty()) << stop_at;
  }
}

TEST(HangUp, FindsACallWhoseDialHadNoAnswer) {
  settings::Folder folder;
  simulator::Settings account = Account();
  account.faults.reset_after = 1;
  account.faults.operations = {"dial", "create-call"};
  ModelLine line(account);
  // Not even its events tell of it.
  line.passes = [](Webhook& webhook) { return webhook.body.find("\"CALL_") == std::string::npos; };
  const Findings findings =
      Play(line, OptionsFor(folder.Path(""),
                            {FindScript("account"), FindScript("say"), FindScript("no-answer")}));
  EXPECT_EQ(line.model().world().calls.things().size(), 2U);
  EXPECT_EQ(CallsAlive(line), 0);
  EXPECT_THAT(findings.alive, IsEmpty());
}

TEST(HangUp, TellsWhatMayBeAlive) {
  settings::Folder folder;
  ModelLine line(Account());
  line.before = [](const provider::HttpRequest& request) -> std::optional<provider::HttpAnswer> {
    if (!request.target.ends_with("/hangup")) return std::nullopt;
    provider::HttpAnswer lost;
    lost.code = CURLE_RECV_ERROR;
    return lost;
  };
  const Findings findings =
      Play(line, OptionsFor(folder.Path(""), {FindScript("account"), FindScript("early-add")}));
  EXPECT_EQ(CallsAlive(line), 1);
  EXPECT_THAT(findings.alive, testing::Contains(HasSubstr("call ")));
}

}  // namespace
}  // namespace callbridge::live
