// doctor --live over real sockets: the program in the place of the ingress, the simulator as the
// account, and then the simulator as the transcripts of it.
#include <absl/strings/str_format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include "server/admin/account_link.h"
#include "server/admin/live_line.h"
#include "server/admin/run.h"
#include "server/base/clock.h"
#include "server/provider/curl_transport.h"
#include "tests/ask_program.h"
#include "tests/end_to_end/reserved_port.h"
#include "tests/settings/folder.h"
#include "tests/simulator/model_driver.h"
#include "tests/simulator/shell.h"

namespace callbridge::admin {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char kAccountKey[] = "the-key-of-the-account";
constexpr char kWebhookSecret[] = "the-secret-of-webhooks";

// The provider, as the simulator or as transcripts.
class Provider {
 public:
  Provider(const base::Clock& clock, int webhook_port, const std::string& replay_folder = "",
           const std::string& header = "X-Ib-Hmac-Signature")
      : shell_(OptionsFor(webhook_port, replay_folder, header), clock) {
    EXPECT_TRUE(shell_.Start().ok());
    thread_ = std::jthread([this] { shell_.Run(); });
  }
  ~Provider() { shell_.Stop(); }

  std::string address() const { return shell_.address(); }
  std::string Ask(const std::string& target) const {
    const base::ServiceClock clock;
    provider::CurlTransport transport(clock);
    return AskStranger(transport, *base::ParseUrl("http://" + address()),
                       {provider::Method::kGet, target, "", true})
        .body;
  }

 private:
  static simulator::Options OptionsFor(int webhook_port, const std::string& replay_folder,
                                       const std::string& header) {
    simulator::Options options;
    options.settings.api_key = kAccountKey;
    options.settings.configurations = {"shop-calls"};
    options.settings.speed = 20;
    options.replay_folder = replay_folder;
    options.webhook.host = "127.0.0.1";
    options.webhook.port = std::to_string(webhook_port);
    options.webhook.path = "/infobip/events";
    options.webhook.authentication.hmac_secret = kWebhookSecret;
    options.webhook.authentication.hmac_header = header;
    return options;
  }

  simulator::Shell shell_;
  std::jthread thread_;
};

class LiveProgram : public ::testing::Test {
 protected:
  std::string Config(const Provider& provider) const {
    return folder_.Write(
        "settings.yaml",
        absl::StrFormat(
            "service_id: shop\n"
            "store: {memory: {}}\n"
            "accounts: {default: {base_url: \"http://%s\", api_key_file: %s, "
            "calls_configuration_id: shop-calls}}\n"
            "webhook: {listen: \"127.0.0.1:%d\", public_url: \"http://127.0.0.1:%d\", "
            "hmac: {secret_files: [%s]}}\n"
            "dialing: {allowed_prefixes: [\"+44\"], default_number: \"+442079460001\"}\n",
            provider.address(), folder_.Write("api-key", kAccountKey), port_.number(),
            port_.number(), folder_.Write("secret", kWebhookSecret)));
  }
  ProgramAnswer Measure(const Provider& provider, const std::string& folder,
                        const std::string& scripts) const {
    return AskProgram("callbridge-admin",
                      absl::StrFormat("doctor --live --yes --to +447700900123 --only %s --record "
                                      "%s --config %s",
                                      scripts, folder, Config(provider)));
  }
  static std::string Read(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }

  settings::Folder folder_;
  base::ServiceClock clock_;
  end_to_end::ReservedPort port_;
};

TEST_F(LiveProgram, MeasuresAnAccountAndItsTranscripts) {
  const std::string recorded = folder_.Path("recorded");
  {
    const Provider account(clock_, port_.number());
    const ProgramAnswer measured = Measure(account, recorded, "account,say,repeat");
    EXPECT_EQ(measured.exit, 0) << measured.text;
    EXPECT_THAT(measured.text,
                AllOf(HasSubstr("answered   9.13"), HasSubstr("0 open, 3 scripts played"),
                      HasSubstr("9.1 webhooks are signed so: {header: X-Ib-Hmac-Signature"),
                      HasSubstr("answered 503 came again after "), Not(HasSubstr(kAccountKey))));
    EXPECT_EQ(simulator::At(account.Ask("/control/state"), "/callsAlive"), "0");
  }
  for (const char* script : {"account", "say", "repeat"}) {
    const std::string text = Read(recorded + "/" + script + ".jsonl");
    EXPECT_THAT(text, AllOf(HasSubstr("\"webhook\""), HasSubstr("X-Ib-Hmac-Signature"),
                            Not(HasSubstr(kAccountKey)), Not(HasSubstr(kWebhookSecret)),
                            Not(HasSubstr("447700900123")), Not(HasSubstr("shop-calls"))));
  }
  const Provider replay(clock_, port_.number(), recorded);
  const ProgramAnswer again = Measure(replay, folder_.Path("again"), "account,say");
  EXPECT_EQ(again.exit, 0) << again.text;
  const std::string played = replay.Ask("/control/replay");
  EXPECT_EQ(simulator::At(played, "/differences"), "[]") << played;
}

TEST_F(LiveProgram, ProposesTheSignatureThatTheAccountSends) {
  const Provider account(clock_, port_.number(), "", "X-Another");
  const ProgramAnswer measured = Measure(account, folder_.Path("recorded"), "account,say");
  EXPECT_EQ(measured.exit, 2) << measured.text;
  EXPECT_THAT(measured.text,
              AllOf(HasSubstr("the authentication of the settings refuses them"),
                    HasSubstr("setting    webhook.hmac: {header: X-Another, prefix: \"SHA256=\", "
                              "encoding: hex, algorithm: hmac_sha_256}")));
  EXPECT_EQ(simulator::At(account.Ask("/control/state"), "/calls"), "[]");
}

// Asks to stop as soon as a call was dialled.
class InterruptedLine final : public live::Line {
 public:
  InterruptedLine(std::unique_ptr<live::Line> line, std::stop_source& source)
      : line_(std::move(line)), source_(source) {}
  provider::HttpAnswer Send(const provider::HttpRequest& request,
                            const std::string& base_url) override {
    auto answer = line_->Send(request, base_url);
    if (request.target == "/calls/1/calls") source_.request_stop();
    return answer;
  }
  bool MaySendTo(const std::string& base_url) const override { return line_->MaySendTo(base_url); }
  bool IsOwn(const std::string& base_url) const override { return line_->IsOwn(base_url); }
  std::optional<live::Webhook> WaitForWebhook(base::Time until, bool though_stopped) override {
    return line_->WaitForWebhook(until, though_stopped);
  }
  void RefuseNextWebhook() override { line_->RefuseNextWebhook(); }
  base::Time Now() const override { return line_->Now(); }
  bool stopped() const override { return line_->stopped(); }

 private:
  std::unique_ptr<live::Line> line_;
  std::stop_source& source_;
};

TEST_F(LiveProgram, HangsUpWhenItIsInterrupted) {
  const Provider account(clock_, port_.number());
  std::ostringstream out;
  std::ostringstream err;
  std::stop_source source;
  Surroundings surroundings{out,
                            err,
                            clock_,
                            [&] { return std::make_unique<provider::CurlTransport>(clock_); },
                            [](base::Duration) {},
                            AskServerByGrpc};
  surroundings.make_line =
      [&](const LineParts& parts) -> absl::StatusOr<std::unique_ptr<live::Line>> {
    auto line = LiveLine::Make(parts, source.get_token());
    if (!line.ok()) return line.status();
    return std::make_unique<InterruptedLine>(*std::move(line), source);
  };
  const ExitStatus status = admin::Run(
      {"doctor", "--live", "--yes", "--to", "447700900123", "--only", "account,say,overlap",
       "--record", folder_.Path("recorded"), "--config", Config(account)},
      surroundings);
  EXPECT_EQ(status, ExitStatus::kFailed);
  EXPECT_THAT(out.str(), AllOf(HasSubstr("the script say was stopped"), Not(HasSubstr("ALIVE")),
                               HasSubstr("1 scripts played")));
  EXPECT_THAT(err.str(), HasSubstr("doctor hangs up and deletes what it made"));
  const std::string state = account.Ask("/control/state");
  EXPECT_EQ(simulator::At(state, "/callsAlive"), "0");
  EXPECT_EQ(simulator::At(state, "/requests/create-call/201"), "1") << state;
}

}  // namespace
}  // namespace callbridge::admin
