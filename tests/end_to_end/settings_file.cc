#include "tests/end_to_end/settings_file.h"

#include <absl/strings/str_join.h>
#include <absl/strings/substitute.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <iterator>
#include <vector>

namespace callbridge::end_to_end {
namespace {

// The rates are ample, so that what a test sees comes from its faults and not from a queue: one 429
// halves them, and pacing has tests of its own. $0 folder, $1 API, $2 inbox, $3 ingress port, $4
// simulator port, $5 in_server, $6 log level, $7 store's folder, $8 rates, $9 webhook secrets.
constexpr char kProcesses[] = R"(service_id: e2e
grpc: {listen: "$1"}
inbox: {listen: "$2"}
store: {sqlite: {path: "$7/callbridge.db"}}
accounts:
  default:
    base_url: http://127.0.0.1:$4
    allowed_hosts: ["127.0.0.1:$4"]
    api_key_file: "$0/api-key"
    calls_configuration_id: bridge-e2e
    rates: $8
webhook:
  listen: 127.0.0.1:$3
  in_server: $5
  hmac: {secret_files: [$9]}
log: {level: $6}
)";

// $0 greeting, $1 announcement, $2 apology, $3 music.
constexpr char kPlans[] = R"(plans:
  default:
    voice: {language: en, speaking_rate: 2}
    greeting: {text: "$0"}
    announcement: {text: "$1"}
    apology: {text: "$2"}
    music: {audio: {url: "$3", duration: 2s}}
    ring_timeout: 10s
)";

// $0 to $2 the DIDs that are answered, not answered and busy with $3 to $5 their callees, $6 the
// offered one.
constexpr char kRoutes[] = R"(dialing: {default_number: "$0"}
routes:
  - name: answered
    number: "$0"
    callees: [{endpoint: {phone: {number: "$3"}}}]
  - name: unanswered
    number: "$1"
    callees: [{endpoint: {phone: {number: "$4"}}, ring_timeout: 1s}]
  - name: busy
    number: "$2"
    callees: [{endpoint: {phone: {number: "$5"}}}]
  - name: offered
    number: "$6"
    offer: true
)";

constexpr char kTiming[] = R"(timing:
  offer: 2s
  answer_look: 1s
  answer_verdict: 5s
  join_caller_look: 1s
  join_caller_verdict: 4s
  media_end: 0.5s
  stop_play_repeat: 0.2s
  list_lag: 1s
  dial_search: 5s
  ring_look: 1s
  ring_verdict: 3s
  callee_silent: 1s
  join_callee_look: 1s
  join_callee_verdict: 4s
  connected_look: 1s
  ending_hangup: 0.5s
  ending_looks: [0.7s, 1.5s, 3s, 6s]
  ending_verdict: 7s
  ending_verdict_unknown_dial: 9s
  absence: 0.5s
  look_again: 0.3s
  hangup_backoff: 0.2s
  hangup_backoff_max: 2s
  retry_backoff: 0.1s
  retry_backoff_max: 1s
  prompt_grace: 0.5s
  conference_gone: 0.5s
  join_retry: 0.3s
)";

}  // namespace

std::string SettingsText(const SettingsValues& values) {
  const std::filesystem::path& store =
      values.store_folder.empty() ? values.folder : values.store_folder;
  std::vector<std::string> secrets;
  for (const std::string& name : values.webhook_secrets) {
    secrets.push_back("\"" + (values.folder / name).string() + "\"");
  }
  return absl::Substitute(kProcesses, values.folder.string(), values.api_address,
                          values.inbox_address, values.ingress_port, values.simulator_port,
                          values.in_server_ingress, values.log_level, store.string(), values.rates,
                          absl::StrJoin(secrets, ", ")) +
         absl::Substitute(kPlans, kGreeting, kAnnouncement, kApology, kMusicUrl) +
         absl::Substitute(kRoutes, kAnsweredDid, kUnansweredDid, kBusyDid, kCallee, kSilentCallee,
                          kBusyCallee, kOfferedDid) +
         kTiming + values.more;
}

std::filesystem::path MakeFolder(const std::string& name) {
  std::string pattern = (std::filesystem::temp_directory_path() / (name + "-XXXXXX")).string();
  EXPECT_NE(mkdtemp(pattern.data()), nullptr) << pattern;
  return pattern;
}

void WriteFile(const std::filesystem::path& path, const std::string& content) {
  std::ofstream(path) << content;
  std::filesystem::permissions(
      path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(ReadFile(path), content) << path;
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace callbridge::end_to_end
