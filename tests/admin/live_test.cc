// callbridge-admin doctor --live: what it asks, refuses and tells, on simulated time.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>
#include <gmock/gmock.h>

#include <deque>
#include <fstream>
#include <sstream>

#include "tests/admin/admin_fixture.h"
#include "tests/live/model_line.h"

namespace callbridge::admin {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Lets the program use the test's line, whose end it does not see.
class BorrowedLine final : public live::Line {
 public:
  explicit BorrowedLine(live::Line& line) : line_(line) {}
  provider::HttpAnswer Send(const provider::HttpRequest& request,
                            const std::string& base_url) override {
    return line_.Send(request, base_url);
  }
  bool MaySendTo(const std::string& base_url) const override { return line_.MaySendTo(base_url); }
  bool IsOwn(const std::string& base_url) const override { return line_.IsOwn(base_url); }
  std::optional<live::Webhook> WaitForWebhook(base::Time until, bool though_stopped) override {
    return line_.WaitForWebhook(until, though_stopped);
  }
  void RefuseNextWebhook() override { line_.RefuseNextWebhook(); }
  base::Time Now() const override { return line_.Now(); }
  bool stopped() const override { return line_.stopped(); }

 private:
  live::Line& line_;
};

class Live : public AdminTest {
 protected:
  Live() : line_(live::Account()) {
    EXPECT_TRUE(line_.model().SetPerson(live::kPerson, "answers:2").ok());
  }

  Result RunLive(std::vector<std::string> arguments, std::deque<std::string> said = {}) {
    arguments.insert(arguments.begin(), {"doctor", "--live"});
    arguments.insert(arguments.end(), {"--config", folder_.Path("settings.yaml")});
    std::ostringstream out;
    std::ostringstream err;
    Surroundings surroundings{out,
                              err,
                              clock_,
                              [this] { return std::make_unique<ModelTransport>(world_); },
                              [](base::Duration) {},
                              [this](const std::string&) { return server_; }};
    surroundings.make_line = [this](const LineParts&) { return MakeLine(); };
    if (terminal_) {
      surroundings.read_line = [&said]() -> std::optional<std::string> {
        if (said.empty()) return std::nullopt;
        std::string line = said.front();
        said.pop_front();
        return line;
      };
    }
    const ExitStatus status = admin::Run(arguments, surroundings);
    return {status, out.str(), err.str()};
  }
  Result Measure(std::vector<std::string> more, std::deque<std::string> said = {}) {
    more.insert(more.begin(), {"--to", "+447700900123", "--record", folder_.Path("transcripts")});
    return RunLive(std::move(more), std::move(said));
  }
  absl::StatusOr<std::unique_ptr<live::Line>> MakeLine() {
    if (!listens_.ok()) return listens_;
    return std::make_unique<BorrowedLine>(line_);
  }
  std::size_t Calls() { return line_.model().world().calls.things().size(); }

  live::ModelLine line_;
  absl::Status listens_;
};

TEST_F(Live, NamesTheMaskedNumberTheCallsAndTheirLongestDurationAndAsks) {
  terminal_ = true;
  const Result result = Measure({}, {"n"});
  EXPECT_EQ(result.status, ExitStatus::kFailed);
  EXPECT_THAT(result.err, AllOf(HasSubstr("doctor calls +44********23 12 times"),
                                HasSubstr("Each call rings and lasts up to 3 min 00 s"),
                                HasSubstr("call +44********01 2 times"), HasSubstr("[y/N]"),
                                HasSubstr("Nobody was called"), Not(HasSubstr("7700900123"))));
  EXPECT_EQ(line_.sent().size(), 0U);
}

TEST_F(Live, GoesOnWhenTheOperatorAgrees) {
  terminal_ = true;
  const Result result = Measure({"--only", "account,say"}, {"y"});
  EXPECT_EQ(result.status, ExitStatus::kOk) << result.out << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("answered   9.13 Which status has an accepted action? "
                                          "IN_PROGRESS"),
                                HasSubstr("--switch action-status=IN_PROGRESS"),
                                HasSubstr("0 open, 2 scripts played")));
  EXPECT_THAT(result.err, HasSubstr("2 of 2  say: "));
  EXPECT_EQ(Calls(), 1U);
}

TEST_F(Live, WithoutATerminalItNeedsYes) {
  const Result refused = Measure({});
  EXPECT_EQ(refused.status, ExitStatus::kFailed);
  EXPECT_THAT(refused.err, HasSubstr("Add --yes to agree; nobody was called"));
  EXPECT_EQ(line_.sent().size(), 0U);
  EXPECT_EQ(Measure({"--yes", "--only", "account"}).status, ExitStatus::kOk);
}

TEST_F(Live, TellsScriptsOneObject) {
  const Result result = Measure({"--yes", "--only", "account", "--json"});
  EXPECT_THAT(result.out, AllOf(HasSubstr(R"({"answers":{"api-base-url":"full")"),
                                HasSubstr(R"("played":["account"])")));
  EXPECT_EQ(result.out.find('\n'), result.out.size() - 1);
}

TEST_F(Live, AProposedSettingIsAFinding) {
  ASSERT_TRUE(line_.model().SetSwitch("stop-play-scope", "conference").ok());
  const Result result = Measure({"--yes", "--only", "account,conference-sounds"});
  EXPECT_EQ(result.status, ExitStatus::kFindings) << result.err;
  EXPECT_THAT(result.out, HasSubstr("setting    accounts.default.stop_play_scope: conference"));
}

// Taken over as they stand, and measured again.
TEST_F(Live, ProposedDurationsAreAcceptedAndNotProposedAgain) {
  ASSERT_TRUE(line_.model().SetFault("list-lag", "60s").ok());
  const Result first = Measure({"--yes", "--only", "account"});
  EXPECT_EQ(first.status, ExitStatus::kFindings) << first.err;
  EXPECT_THAT(first.out, AllOf(HasSubstr("setting    timing.list_lag: "),
                               HasSubstr("setting    timing.dial_search: ")));
  std::string timing = "\ntiming: {";
  for (const absl::string_view line : absl::StrSplit(first.out, '\n')) {
    absl::string_view setting = line;
    if (absl::ConsumePrefix(&setting, "setting    timing.")) {
      absl::StrAppend(&timing, setting, ", ");
    }
  }
  std::ifstream file(folder_.Path("settings.yaml"));
  std::stringstream yaml;
  yaml << file.rdbuf();
  folder_.Write("settings.yaml", yaml.str() + timing + "}\n");
  const Result second = Measure({"--yes", "--only", "account"});
  EXPECT_EQ(second.status, ExitStatus::kOk) << second.out << second.err;
}

TEST_F(Live, NamesTheHostsOfTheSettingsBesideANewOne) {
  line_.passes = [](live::Webhook& webhook) {
    webhook.body = absl::StrReplaceAll(webhook.body, {{live::kOwnUrl, "https://x.example.com"}});
    return true;
  };
  EXPECT_THAT(Measure({"--yes", "--only", "account"}).out,
              HasSubstr("allowed_hosts: [\"account.api.infobip.com\", \".infobip.com\", "
                        "\"x.example.com\"]"));
}

TEST_F(Live, DialsNobodyIfThePublicUrlDoesNotLeadHere) {
  world_.ingress = {};
  const Result result = Measure({"--yes"});
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  EXPECT_THAT(result.err, AllOf(HasSubstr("answers 404 to GET"), HasSubstr("Nobody was called")));
  EXPECT_EQ(line_.sent().size(), 0U);
}

TEST_F(Live, SaysWhatToStopIfTheIngressListens) {
  listens_ = absl::UnavailableError("webhook.listen: the address is in use");
  const Result result = Measure({"--yes"});
  EXPECT_EQ(result.status, ExitStatus::kFailed);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("is in use"), HasSubstr("systemctl stop callbridge-webhook")));
}

TEST_F(Live, RefusesATelephoneThatTheSettingsDoNotAllow) {
  const Result result =
      RunLive({"--yes", "--to", "+15550100123", "--record", folder_.Path("transcripts")});
  EXPECT_EQ(result.status, ExitStatus::kFailed);
  EXPECT_THAT(result.err, AllOf(HasSubstr("dialing.allowed_prefixes"), Not(HasSubstr("5550100"))));
}

TEST_F(Live, RefusesFlagsThatAreMissingOrWrong) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"--record", "x"}, "--to: --live needs a telephone"},
      {{"--to", "4711", "--record", "x"}, "--to: must be an E.164 number"},
      {{"--to", "+447700900123"}, "--record: --live needs a folder"},
      {{"--to", "+447700900123", "--record", "x", "--only", "sai"}, "did you mean \"say\"?"},
      {{"--to", "+447700900123", "--record", "x", "--only", ""}, "--only: "},
  };
  for (const auto& [flags, message] : wrong) {
    const Result result = RunLive(flags);
    EXPECT_EQ(result.status, ExitStatus::kUsage) << message;
    EXPECT_THAT(result.err, HasSubstr(message));
  }
  const Result without = Run({"doctor", "--yes"});
  EXPECT_EQ(without.status, ExitStatus::kUsage);
  EXPECT_THAT(without.err, HasSubstr("--yes: has a meaning with --live only"));
}

}  // namespace
}  // namespace callbridge::admin
