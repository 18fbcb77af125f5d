// The program itself, over real sockets: the simulator as the account, and an ingress.
#include <absl/strings/str_format.h>
#include <absl/strings/str_replace.h>
#include <gmock/gmock.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "callbridge/internal/v1/inbox_service.grpc.pb.h"
#include "server/base/clock.h"
#include "tests/ask_program.h"
#include "tests/end_to_end/reserved_port.h"
#include "tests/provider/raw_server.h"
#include "tests/settings/folder.h"
#include "tests/simulator/shell.h"
#include "tests/sounds.h"
#include "tests/webhook/held_sink.h"
#include "webhook/ingress.h"

namespace callbridge::admin {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

ProgramAnswer Ask(const std::string& arguments) {
  return AskProgram("callbridge-admin", arguments);
}

// The inbox of a server that counted twelve webhooks.
class CountingInbox final : public internal::v1::InboxService::Service {
 public:
  explicit CountingInbox(const std::string& address) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address, grpc::InsecureServerCredentials());
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    EXPECT_NE(server_, nullptr);
  }

  grpc::Status GetStatus(grpc::ServerContext*, const internal::v1::GetStatusRequest*,
                         internal::v1::GetStatusResponse* response) override {
    auto& counter = *response->add_counters();
    counter.set_name("webhooks_stored");
    counter.set_value(12);
    return grpc::Status::OK;
  }

 private:
  std::unique_ptr<grpc::Server> server_;
};

class Program : public ::testing::Test {
 protected:
  static simulator::Options AccountOptions() {
    simulator::Options options;
    options.settings.api_key = "the-key-of-the-account";
    options.settings.configurations.clear();
    return options;
  }

  Program() : shell_(AccountOptions(), clock_) {
    EXPECT_TRUE(shell_.Start().ok());
    thread_ = std::jthread([this] { shell_.Run(); });
    config::v1::Webhook webhook;
    webhook.set_listen(absl::StrFormat("127.0.0.1:%d", ingress_port_.number()));
    webhook.set_path("/infobip/events");
    webhook.mutable_hmac()->set_header("X-Ib-Hmac-Signature");
    webhook.mutable_hmac()->add_secret_files(folder_.Write("secret", "the-secret-of-webhooks"));
    auto ingress = webhook::Ingress::Start(webhook, sink_, clock_);
    EXPECT_TRUE(ingress.ok()) << ingress.status();
    ingress_ = *std::move(ingress);
    config_ = folder_.Write("settings.yaml", Config());
  }
  std::string Inbox() const { return "unix:" + folder_.Path("inbox.sock"); }
  std::string Config() const {
    return absl::StrFormat(
        "service_id: shop\n"
        "store: {sqlite: {path: %s}}\n"
        "inbox: {listen: \"%s\"}\n"
        "accounts: {default: {base_url: \"http://%s\", api_key_file: %s, "
        "calls_configuration_id: shop-calls}}\n"
        "webhook: {public_url: \"http://127.0.0.1:%d\", hmac: {secret_files: "
        "[%s]}}\n"
        "dialing: {allowed_prefixes: [\"+44\"]}\n"
        "routes: [{name: support, number: \"+442079460001\", offer: true}]\n",
        folder_.Path("callbridge.db"), Inbox(), shell_.address(),
        folder_.Write("api-key", "the-key-of-the-account"), ingress_port_.number(),
        folder_.Path("secret"));
  }
  ~Program() override {
    ingress_.reset();
    shell_.Stop();
  }

  settings::Folder folder_;
  base::ServiceClock clock_;
  webhook::HeldSink sink_;
  simulator::Shell shell_;
  std::jthread thread_;
  // Nobody else gets it when the ingress is gone.
  end_to_end::ReservedPort ingress_port_;
  std::unique_ptr<webhook::Ingress> ingress_;
  std::string config_;
};

TEST_F(Program, PreparesAnAccountExaminesItAndTakesItBack) {
  const ProgramAnswer made = Ask("setup --config " + config_);
  EXPECT_EQ(made.exit, 0) << made.text;
  EXPECT_THAT(made.text, HasSubstr("5 created"));
  const ProgramAnswer again = Ask("setup --config " + config_);
  EXPECT_EQ(again.exit, 0);
  EXPECT_THAT(again.text, HasSubstr("Nothing was changed."));
  // No server runs yet.
  const ProgramAnswer without = Ask("doctor --config " + config_);
  EXPECT_EQ(without.exit, 2) << without.text;
  EXPECT_THAT(without.text, HasSubstr("no server answers at inbox.listen (" + Inbox() + ")"));
  const CountingInbox inbox(Inbox());
  const ProgramAnswer doctor = Ask("doctor --config " + config_);
  EXPECT_EQ(doctor.exit, 0) << doctor.text;
  EXPECT_THAT(doctor.text,
              AllOf(HasSubstr("/infobip/events is reached by the public URL from here"),
                    HasSubstr("/infobip/events refuses a webhook without credentials"),
                    HasSubstr("stored 12 webhooks since its start"), HasSubstr("0 found")));
  const ProgramAnswer removed = Ask("setup --remove --config " + config_);
  EXPECT_EQ(removed.exit, 0) << removed.text;
  EXPECT_THAT(removed.text, HasSubstr("5 removed"));
}

TEST_F(Program, SaysThatNobodyAnswers) {
  ingress_.reset();
  const ProgramAnswer doctor = Ask("doctor --config " + config_);
  EXPECT_EQ(doctor.exit, 1);
  EXPECT_THAT(doctor.text, HasSubstr("/infobip/events is not reached by the public URL"));
  shell_.Stop();
  thread_.join();
}

TEST_F(Program, UploadsListsAndDeletesASound) {
  const std::string path = folder_.Write("hold.mp3", sounds::Mp3(std::chrono::seconds(180)));
  const ProgramAnswer uploaded = Ask("audio upload " + path + " --config " + config_);
  EXPECT_EQ(uploaded.exit, 0) << uploaded.text;
  EXPECT_THAT(uploaded.text, AllOf(HasSubstr("MP3, 720 kB, 180 s"), HasSubstr("  hold: {file_id: "),
                                   Not(HasSubstr("\r"))));
  const std::size_t at = uploaded.text.find("as file ") + 8;
  const std::string id = uploaded.text.substr(at, uploaded.text.find(',', at) - at);
  const ProgramAnswer list = Ask("audio list --config " + config_);
  EXPECT_EQ(list.exit, 0);
  EXPECT_THAT(list.text, AllOf(HasSubstr(id), HasSubstr("hold.mp3: MP3, 720 kB, 180 s")));
  EXPECT_EQ(Ask("audio delete " + id + " --config " + config_).exit, 0);
  EXPECT_THAT(Ask("audio list --config " + config_).text, HasSubstr("0 files in the account"));
}

// 40 MB whose connection the provider resets.
TEST_F(Program, SaysHowMuchWasSentOfAnUploadThatIsCut) {
  provider::RawServer server([](const auto&) { return provider::Answer(200, "{}"); });
  server.ResetAfter(1'000'000);
  const std::string path = folder_.Write("long.wav", sounds::Wav(std::chrono::seconds(2'500)));
  const std::string config = folder_.Write(
      "cut.yaml", absl::StrReplaceAll(Config(), {{"http://" + shell_.address(), server.url()}}));
  const ProgramAnswer cut = Ask("audio upload " + path + " --config " + config);
  EXPECT_EQ(cut.exit, 2);
  EXPECT_THAT(cut.text, AllOf(HasSubstr("warning: " + path + " has 40.0 MB"),
                              HasSubstr("the upload was cut after "), HasSubstr(" of 40.0 MB: "),
                              HasSubstr("callbridge-admin audio list --config " + config)));
}

// The provider closes the connection in the middle, and then goes on from the byte that is asked
// for.
TEST_F(Program, FetchesTheRestOfARecordingThatWasCut) {
  provider::RawServer server([](const provider::RawServer::Request& request) {
    const std::string head = "HTTP/1.1 ";
    const std::string type = "\r\nContent-Type: application/octet-stream\r\nContent-Length: ";
    if (request.head.find("Range: bytes=6-\r\n") != std::string::npos) {
      return provider::RawServer::Reply{head + "206 Partial Content" + type + "4\r\n\r\n6789"};
    }
    return provider::RawServer::Reply{head + "200 OK" + type + "10\r\n\r\n012345",
                                      provider::RawServer::Then::kClose};
  });
  const std::string config = folder_.Write(
      "cut.yaml", absl::StrReplaceAll(Config(), {{"http://" + shell_.address(), server.url()}}));
  const std::string get = "recording get f-1 " + folder_.Path("call.wav") + " --config " + config;
  const ProgramAnswer cut = Ask(get);
  EXPECT_EQ(cut.exit, 2);
  EXPECT_THAT(cut.text, HasSubstr("file f-1: cut after 6 bytes of 10 bytes: "));
  const ProgramAnswer rest = Ask(get);
  EXPECT_EQ(rest.exit, 0) << rest.text;
  std::ifstream file(folder_.Path("call.wav"));
  std::string content;
  file >> content;
  EXPECT_EQ(content, "0123456789");
  EXPECT_EQ(server.Count("GET", "/calls/1/recordings/files/f-1"), 2U);
}

TEST_F(Program, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(Ask("doctor").exit, 64);
  EXPECT_EQ(Ask("completion fish").exit, 64);
  EXPECT_THAT(Ask("completion bash").text,
              AllOf(HasSubstr("complete -F _callbridge_admin callbridge-admin"),
                    HasSubstr("--dry-run --remove --overwrite")));
  EXPECT_EQ(Ask("--help").exit, 0);
  EXPECT_THAT(Ask("doctor --help").text, HasSubstr("--json"));
  EXPECT_EQ(Ask("setup --config " + folder_.Path("none.yaml")).exit, 2);
}

}  // namespace
}  // namespace callbridge::admin
