#include "tests/end_to_end/system.h"

#include <absl/strings/str_format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <utility>

#include "callbridge/connection.h"
#include "tests/end_to_end/logs.h"
#include "tests/simulator/webhook_signature.h"

namespace callbridge::end_to_end {
namespace {

using std::chrono::seconds;

// Generous: under a sanitizer, on a machine that builds something else meanwhile.
constexpr seconds kStartLimit{30};
constexpr seconds kExitLimit{15};
constexpr seconds kCommandLimit{40};
constexpr seconds kAppearLimit{15};
// The longest clean-up of the settings file, and what a loaded machine adds.
constexpr seconds kNothingLeftLimit{25};
constexpr seconds kAskLimit{5};

bool HasContent(const std::filesystem::path& path) { return !ReadFile(path).empty(); }

}  // namespace

System::System(SystemOptions options)
    : options_(std::move(options)), folder_(MakeFolder("callbridge")) {
  api_address_ = options_.api_on_port ? absl::StrFormat("127.0.0.1:%d", api_port_.number())
                                      : "unix:" + (folder_ / "api.sock").string();
  WriteFile(folder_ / "api-key", std::string(kApiKey) + "\n");
  WriteFile(folder_ / "webhook-secret", std::string(kWebhookSecret) + "\n");
  WriteSettings("settings.yaml", "");
  if (options_.logs_unread) {
    for (const char* name : {"server", "webhook"}) {
      unread_logs_.try_emplace(name, folder_ / (std::string(name) + ".err"));
    }
  }
  channel_ = client::Connect({.address = api_address_, .tls = std::nullopt});
  stub_ = v1::BridgeService::NewStub(channel_);
  client_ = std::make_unique<client::Client>(channel_);
  inbox_stub_ = internal::v1::InboxService::NewStub(
      client::Connect({.address = inbox_address(), .tls = std::nullopt}));
}

System::~System() {
  ingress_.reset();
  server_.reset();
  simulator_.reset();
  if (testing::Test::HasFailure()) return;
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
  EXPECT_FALSE(error) << folder_ << ": " << error.message();
}

std::string System::inbox_address() const { return "unix:" + (folder_ / "inbox.sock").string(); }

void System::WriteSettings(const std::string& name, const std::string& more) {
  SettingsValues values;
  values.folder = folder_;
  values.api_address = api_address_;
  values.inbox_address = inbox_address();
  values.ingress_port = ingress_port_.number();
  values.simulator_port = simulator_port_.number();
  values.in_server_ingress = options_.in_server_ingress;
  values.log_level = options_.log_level;
  values.store_folder = options_.store_folder;
  if (!options_.rates.empty()) values.rates = options_.rates;
  values.webhook_secrets = webhook_secrets_;
  values.more = options_.more_settings + more;
  WriteFile(folder_ / name, SettingsText(values));
}

void System::SetWebhookSecrets(std::vector<std::string> files) {
  webhook_secrets_ = std::move(files);
  WriteSettings("settings.yaml", "");
}

std::unique_ptr<ChildProcess> System::Launch(const std::string& program, const std::string& log,
                                             const std::string& settings) {
  const std::filesystem::path port_file = folder_ / (log + ".port");
  std::filesystem::remove(port_file);
  return std::make_unique<ChildProcess>(
      program,
      std::vector<std::string>{"--config", (folder_ / settings).string(), "--port-file",
                               port_file.string()},
      folder_ / log,
      program == "callbridge-server" ? options_.server_environment : std::vector<std::string>{});
}

void System::StartSimulator() {
  const std::filesystem::path port_file = folder_ / "simulator.port";
  std::filesystem::remove(port_file);
  std::vector<std::string> arguments = {
      "--listen",
      absl::StrFormat("127.0.0.1:%d", simulator_port_.number()),
      "--port-file",
      port_file.string(),
      "--api-key",
      "@" + (folder_ / "api-key").string(),
      "--configuration",
      kConfiguration,
      "--speed",
      absl::StrFormat("%g", options_.speed),
      "--webhook-url",
      absl::StrFormat("http://127.0.0.1:%d%s", ingress_port_.number(), kWebhookPath),
      "--webhook-hmac-secret",
      "@" + (folder_ / "webhook-secret").string(),
      "--webhook-repeats",
      absl::StrFormat("%d", options_.webhook_repeats),
      "--webhook-repeat-after",
      "0.3s"};
  if (options_.simulator_seed.has_value()) {
    arguments.insert(arguments.end(), {"--seed", absl::StrFormat("%d", *options_.simulator_seed)});
  }
  arguments.insert(arguments.end(), options_.simulator_arguments.begin(),
                   options_.simulator_arguments.end());
  simulator_ =
      std::make_unique<ChildProcess>("infobip-simulator", arguments, folder_ / "simulator");
  ASSERT_TRUE(Await(*simulator_, kStartLimit, [&] { return HasContent(port_file); }))
      << "the simulator does not start\n"
      << LogTails(folder_);
  provider_ = std::make_unique<SimulatedProvider>(simulator_port_.number());
}

void System::StartServer() {
  server_ = Launch("callbridge-server", "server");
  ASSERT_TRUE(Await(*server_, kStartLimit, [&] { return HasContent(folder_ / "server.port"); }))
      << "the server does not start\n"
      << LogTails(folder_);
}

void System::StartIngress() {
  ingress_ = Launch("callbridge-webhook", "webhook");
  ASSERT_TRUE(Await(*ingress_, kStartLimit,
                    [&] { return HasContent(folder_ / "webhook.port") && IngressIsReady(); }))
      << "the ingress does not become ready\n"
      << LogTails(folder_);
}

bool System::IngressIsReady() {
  webhook::HttpClient client(ingress_port_.number());
  client.Send("GET /readyz HTTP/1.1\r\nHost: test\r\n\r\n");
  return client.Receive().status == 200;
}

void System::Start() {
  ASSERT_NO_FATAL_FAILURE(StartSimulator());
  ASSERT_NO_FATAL_FAILURE(StartServer());
  if (!options_.in_server_ingress) {
    ASSERT_NO_FATAL_FAILURE(StartIngress());
  }
  for (const auto& [name, log] : unread_logs_) log.Hide();
}

bool System::LogIsFull(const std::string& name) const { return unread_logs_.at(name).full(); }

void System::ExpectExit(std::unique_ptr<ChildProcess>& child) {
  if (child == nullptr) return;
  child->Signal(SIGTERM);
  // Not 0 also when the sanitizer found a leak or worse.
  EXPECT_EQ(child->WaitExit(kExitLimit), std::optional<int>(0))
      << child->program() << " does not end well";
}

void System::Stop() {
  ExpectExit(ingress_);
  ExpectExit(server_);
  ExpectExit(simulator_);
}

v1::Session System::AwaitSessionOf(const std::string& call_id) {
  v1::ListSessionsRequest request;
  request.set_call_id(call_id);
  v1::Session session;
  EXPECT_TRUE(Await(*server_, kAppearLimit,
                    [&] {
                      const auto found = client_->ListSessions(request);
                      if (!found.ok() || found->sessions().empty()) return false;
                      session = found->sessions(0);
                      return true;
                    }))
      << "no session has the call " << call_id;
  return session;
}

void System::ExpectNothingLeft(bool only_lawful_requests) {
  EXPECT_TRUE(Await(*simulator_, kNothingLeftLimit, [&] {
    const SimulatorState state = provider_->State();
    return state.calls_alive == 0 && state.conferences_open == 0 && state.events_waiting == 0 &&
           state.webhooks.waiting == 0;
  })) << "something is left at the provider";
  if (only_lawful_requests) {
    EXPECT_EQ(provider_->State().violations, 0);
  }
}

bool System::EveryCallIsKnownAndOver() {
  // In this order: what has left the provider stands among the inputs.
  const SimulatorState state = provider_->State();
  if (state.calls_alive != 0 || state.events_waiting != 0 || state.webhooks.waiting != 0) {
    return false;
  }
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kAskLimit);
  internal::v1::GetStatusResponse status;
  return inbox_stub_->GetStatus(&context, {}, &status).ok() && status.store_error().empty() &&
         status.waiting_inputs() == 0;
}

webhook::HttpAnswer System::PostWebhook(const std::string& body, bool signed_well) {
  return SendWebhook(body, signed_well)->Receive();
}

std::unique_ptr<webhook::HttpClient> System::SendWebhook(const std::string& body,
                                                         bool signed_well) {
  simulator::WebhookAuthentication authentication;
  authentication.hmac_secret = signed_well ? kWebhookSecret : "another secret";
  const auto signature = simulator::SignWebhook(authentication, body);
  EXPECT_TRUE(signature.ok()) << signature.status();
  auto client = std::make_unique<webhook::HttpClient>(ingress_port_.number());
  client->Send(
      webhook::Post(kWebhookPath, signature->first + ": " + signature->second + "\r\n", body));
  return client;
}

CommandResult System::RunCommand(std::vector<std::string> arguments) {
  const std::string name = absl::StrFormat("command-%d", ++commands_);
  const bool asks_inbox =
      !arguments.empty() && (arguments.front() == "quarantine" || arguments.front() == "status");
  if (asks_inbox) {
    arguments.insert(arguments.end(), {"--inbox", inbox_address()});
  } else {
    arguments.insert(arguments.end(), {"--server", api_address_});
  }
  ChildProcess command("callbridge", std::move(arguments), folder_ / name);
  const std::optional<int> exit = command.WaitExit(kCommandLimit);
  EXPECT_TRUE(exit.has_value()) << "the command does not end";
  return {exit.value_or(-1), ReadFile(folder_ / (name + ".out")),
          ReadFile(folder_ / (name + ".err"))};
}

std::string System::Describe() {
  std::string text = folder_.string() + "\n" + LogTails(folder_);
  if (provider_ != nullptr && simulator_->StaysAliveFor(std::chrono::milliseconds(0))) {
    text += "---- simulator\n" + provider_->State().text + "\n";
  }
  return text;
}

}  // namespace callbridge::end_to_end
