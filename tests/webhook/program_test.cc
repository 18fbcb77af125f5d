// callbridge-webhook as it is run: the program, its flags and its signals.
#include <absl/strings/escaping.h>
#include <absl/strings/str_format.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/webhook/http_client.h"
#include "tests/webhook/inbox_server.h"

extern char** environ;

namespace callbridge::webhook {
namespace {

// Starts the program; its standard error goes to a file.
pid_t Launch(std::vector<std::string> arguments, const std::filesystem::path& errors) {
  const std::string program = std::string(CALLBRIDGE_BINARY_DIR) + "/callbridge-webhook";
  arguments.insert(arguments.begin(), program);
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t process = -1;
  EXPECT_EQ(posix_spawn(&process, program.c_str(), &actions, nullptr, pointers.data(), environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  return process;
}

// Its exit code; -1 if it did not exit by itself.
int AwaitExit(pid_t process) {
  int status = 0;
  EXPECT_EQ(waitpid(process, &status, 0), process);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

class ProgramTest : public testing::Test {
 protected:
  ProgramTest() {
    std::ofstream(folder() / "password") << "a long secret\n";
    std::ofstream(folder() / "key") << "a long key\n";
    std::filesystem::permissions(folder() / "password", std::filesystem::perms::owner_read);
    std::filesystem::permissions(folder() / "key", std::filesystem::perms::owner_read);
  }

  const std::filesystem::path& folder() const { return server_.folder(); }
  std::string Settings(const std::string& webhook = "") {
    const std::filesystem::path path = folder() / "settings.yaml";
    std::ofstream(path) << absl::StrFormat(
        "service_id: bridge\n"
        "inbox: {listen: \"%s\"}\n"
        "store: {memory: {}}\n"
        "accounts:\n"
        "  default: {base_url: \"http://127.0.0.1:1\", api_key_file: %s, "
        "calls_configuration_id: bridge-prod}\n"
        "dialing: {default_number: \"442079460001\"}\n"
        "webhook:\n"
        "  listen: 127.0.0.1:0\n"
        "  basic: {credentials: [{username: infobip, password_file: %s}]}\n"
        "%s",
        server_.address(), (folder() / "key").string(), (folder() / "password").string(), webhook);
    return path.string();
  }
  std::filesystem::path errors() const { return folder() / "errors"; }

  InboxServer server_;
};

TEST_F(ProgramTest, ChecksItsSettings) {
  EXPECT_EQ(AwaitExit(Launch({"--config", Settings(), "--check-config"}, errors())), 0)
      << Read(errors());
  EXPECT_EQ(
      AwaitExit(Launch({"--config", Settings("  nonsense: 1\n"), "--check-config"}, errors())), 1);
  EXPECT_THAT(Read(errors()), testing::HasSubstr("nonsense"));
}

TEST_F(ProgramTest, SaysWhyItDoesNotStart) {
  EXPECT_EQ(AwaitExit(Launch({"--confg", "x"}, errors())), 1);
  EXPECT_THAT(Read(errors()), testing::HasSubstr("--config"));
  EXPECT_EQ(AwaitExit(Launch({}, errors())), 1);
  EXPECT_THAT(Read(errors()), testing::HasSubstr("--config"));
  EXPECT_EQ(AwaitExit(Launch({"--config", Settings("  in_server: true\n")}, errors())), 1);
  EXPECT_THAT(Read(errors()), testing::HasSubstr("webhook.in_server"));
}

TEST_F(ProgramTest, SaysOfACapturedRequestWhatFails) {
  const std::filesystem::path capture = folder() / "capture";
  const auto exit_code = [&](const std::string& pair, const std::string& settings = "") {
    std::ofstream(capture) << "POST /infobip/events HTTP/1.1\r\nHost: test\r\nAuthorization: Basic "
                           << absl::Base64Escape(pair) << "\r\n\r\n{}";
    return AwaitExit(
        Launch({"--config", Settings(settings), "--verify", capture.string()}, errors()));
  };
  EXPECT_EQ(exit_code("infobip:a long secret"), 0) << Read(errors());
  // It is the ingress's question, whichever program runs it.
  EXPECT_EQ(exit_code("infobip:a long secret", "  in_server: true\n"), 0) << Read(errors());
  EXPECT_EQ(exit_code("infobip:a guess"), 1);
  EXPECT_THAT(Read(errors()), testing::HasSubstr("would refuse this request"));
  std::ofstream(capture) << "no request";
  EXPECT_EQ(AwaitExit(Launch({"--config", Settings(), "--verify", capture.string()}, errors())), 1);
  EXPECT_THAT(Read(errors()), testing::AllOf(testing::HasSubstr("--verify: "),
                                             testing::HasSubstr("no empty line")));
  EXPECT_EQ(AwaitExit(Launch({"--config", Settings(), "--verify", "/none"}, errors())), 1);
  EXPECT_THAT(Read(errors()), testing::HasSubstr("--verify: /none: no such file"));
}

TEST_F(ProgramTest, TakesWebhooksUntilItIsToldToStop) {
  const int watch = inotify_init1(IN_CLOEXEC);
  ASSERT_GE(inotify_add_watch(watch, folder().c_str(), IN_MOVED_TO), 0);
  const std::filesystem::path port_file = folder() / "port";
  const pid_t process =
      Launch({"--config", Settings(), "--port-file", port_file.string()}, errors());
  pollfd moved{watch, POLLIN, 0};
  ASSERT_EQ(poll(&moved, 1, 20'000), 1) << Read(errors());
  close(watch);

  HttpClient client(static_cast<std::uint16_t>(std::stoi(Read(port_file))));
  client.Send("GET /livez HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 200);
  client.Send("GET /readyz HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 503);
  // The server is away; the webhook is held until it is there.
  const std::string credentials =
      "Authorization: Basic " + absl::Base64Escape("infobip:a long secret") + "\r\n";
  const std::string body =
      R"({"type":"CALL_RINGING","callId":"c1","timestamp":"2026-01-15T12:00:00Z"})";
  client.Send(Post("/infobip/events", credentials, body));
  server_.Start();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(client.Receive().status, 200);
  // gRPC's own poller would look after the connection every 5 s only.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
  EXPECT_EQ(server_.counters().parked, 1);
  client.Send("GET /readyz HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 200);

  EXPECT_EQ(kill(process, SIGTERM), 0);
  EXPECT_EQ(AwaitExit(process), 0);
  EXPECT_THAT(Read(errors()), testing::HasSubstr("webhook_draining"));
  EXPECT_THAT(Read(errors()), testing::Not(testing::HasSubstr("secret")));
}

}  // namespace
}  // namespace callbridge::webhook
