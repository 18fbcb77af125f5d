// The whole of Callbridge beside a simulated provider: the real programs as child processes, in a
// folder of their own. A test starts, stops, kills and asks them through this; it never looks into
// their store.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "callbridge/client.h"
#include "callbridge/internal/v1/inbox_service.grpc.pb.h"
#include "callbridge/v1/bridge_service.grpc.pb.h"
#include "tests/end_to_end/child_process.h"
#include "tests/end_to_end/reserved_port.h"
#include "tests/end_to_end/settings_file.h"
#include "tests/end_to_end/simulated_provider.h"
#include "tests/end_to_end/unread_log.h"
#include "tests/webhook/http_client.h"

namespace callbridge::end_to_end {

struct SystemOptions {
  // The server takes the webhooks itself and there is no callbridge-webhook.
  bool in_server_ingress = false;
  // On a TCP port instead of a Unix socket.
  bool api_on_port = false;
  // How often the provider repeats a webhook that got no 200.
  int webhook_repeats = 0;
  // The simulator draws ids and faults from it. Absent: from another seed at each start, as in the
  // demo.
  std::optional<int> simulator_seed = 1;
  // People are so many times faster.
  double speed = 10;
  std::string log_level = "info";
  // The logs of server and ingress are pipes of one page that nothing reads, until LeaveLogs.
  bool logs_unread = false;
  std::vector<std::string> simulator_arguments;
  // Of the server, "NAME=value".
  std::vector<std::string> server_environment;
  // Empty: the system's own folder.
  std::filesystem::path store_folder;
  // Of the account; empty: ample ones.
  std::string rates;
  // Added to the settings.
  std::string more_settings;
};

struct CommandResult {
  int exit = -1;
  std::string out;
  std::string err;
};

class System {
 public:
  explicit System(SystemOptions options = {});
  ~System();
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  // The simulator, the server and the ingress; waits until all of them are ready.
  void Start();
  void StartServer();
  void StartIngress();
  // SIGTERM to all that run; each must exit with 0 in time. Nothing can be asked of the API
  // afterwards.
  void Stop();

  ChildProcess& server() { return *server_; }
  ChildProcess& ingress() { return *ingress_; }
  ChildProcess& simulator() { return *simulator_; }
  const SimulatedProvider& provider() const { return *provider_; }
  v1::BridgeService::Stub& stub() { return *stub_; }
  client::Client& client() { return *client_; }
  const std::filesystem::path& folder() const { return folder_; }
  std::string inbox_address() const;
  const std::string& api_address() const { return api_address_; }

  // The session of a call at the provider, as soon as there is one. Fails the test after a while.
  v1::Session AwaitSessionOf(const std::string& call_id);
  // No call alive, no conference open, no webhook on its way, and, unless told otherwise, no
  // request that the provider could not accept.
  void ExpectNothingLeft(bool only_lawful_requests = true);
  // False: a call is alive, an event is not told yet, a webhook is on its way, an input waits for
  // its step, or a program does not say. While it is false, a session may begin that nobody has
  // seen.
  bool EveryCallIsKnownAndOver();

  // As the provider posts it; with a wrong signature if asked.
  webhook::HttpAnswer PostWebhook(const std::string& body, bool signed_well = true);
  // The same, without waiting for the answer.
  std::unique_ptr<webhook::HttpClient> SendWebhook(const std::string& body,
                                                   bool signed_well = true);
  // `callbridge` with these arguments, run to its end.
  CommandResult RunCommand(std::vector<std::string> arguments);
  // A second program over this system's settings, or those of another file.
  std::unique_ptr<ChildProcess> Launch(const std::string& program, const std::string& log,
                                       const std::string& settings = "settings.yaml");
  void WriteSettings(const std::string& name, const std::string& more);
  // The ingress takes these files' secrets when it is started next.
  void SetWebhookSecrets(std::vector<std::string> files);
  // With logs_unread: true when the pipe of this program ("server", "webhook") takes no further
  // line.
  bool LogIsFull(const std::string& name) const;
  // With logs_unread: the readers of the logs are gone.
  void LeaveLogs() { unread_logs_.clear(); }
  // Logs and the simulator's state, for a person.
  std::string Describe();

 private:
  void StartSimulator();
  bool IngressIsReady();
  void ExpectExit(std::unique_ptr<ChildProcess>& child);

  const SystemOptions options_;
  const std::filesystem::path folder_;
  ReservedPort ingress_port_;
  ReservedPort simulator_port_;
  ReservedPort api_port_;
  std::string api_address_;
  std::vector<std::string> webhook_secrets_{"webhook-secret"};
  int commands_ = 0;
  std::map<std::string, UnreadLog> unread_logs_;
  std::unique_ptr<ChildProcess> simulator_;
  std::unique_ptr<ChildProcess> server_;
  std::unique_ptr<ChildProcess> ingress_;
  std::unique_ptr<SimulatedProvider> provider_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::BridgeService::Stub> stub_;
  std::unique_ptr<internal::v1::InboxService::Stub> inbox_stub_;
  std::unique_ptr<client::Client> client_;
};

}  // namespace callbridge::end_to_end
