// The simulator as a process and as an HTTP server on a real socket: requests, webhooks with
// authentication and repeats, resets, the control endpoint, the port file and SIGTERM.
#include "tests/simulator/shell.h"

#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/settings/folder.h"
#include "tests/simulator/limits.h"
#include "tests/simulator/model_driver.h"

extern char** environ;

namespace callbridge::simulator {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

struct Reply {
  // 0: the connection ended without an answer.
  int status = 0;
  std::string body;
};

Reply Send(const std::string& address, http::verb method, const std::string& target,
           const std::string& body = "") {
  asio::io_context io;
  beast::tcp_stream stream(io);
  const std::size_t colon = address.rfind(':');
  stream.connect(tcp::endpoint(asio::ip::make_address(address.substr(0, colon)),
                               static_cast<unsigned short>(std::stoi(address.substr(colon + 1)))));
  http::request<http::string_body> request{method, target, 11};
  request.set(http::field::host, address);
  request.set(http::field::authorization, "App key");
  request.set(http::field::content_type, "application/json");
  request.body() = body;
  request.prepare_payload();
  beast::error_code error;
  http::write(stream, request, error);
  beast::flat_buffer buffer;
  http::response<http::string_body> response;
  http::read(stream, buffer, response, error);
  if (error) return {};
  return {static_cast<int>(response.result_int()), response.body()};
}

// Takes webhooks and answers with the given statuses in turn, then 200.
class Receiver {
 public:
  explicit Receiver(std::vector<int> statuses = {}) : statuses_(std::move(statuses)) {
    EXPECT_TRUE(server_.Listen({asio::ip::make_address("127.0.0.1"), 0}).ok());
    thread_ = std::jthread([this] { io_.run(); });
  }
  ~Receiver() { io_.stop(); }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  std::string url() const { return "http://" + server_.address() + "/infobip/events"; }

  // Waits until so many have come, at most 20 s.
  std::vector<Request> WaitFor(std::size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return requests_.size() >= count;
    };
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(20)));
    return requests_;
  }

 private:
  Response Take(const Request& request) {
    absl::MutexLock lock(&mutex_);
    requests_.push_back(request);
    Response response;
    if (requests_.size() <= statuses_.size()) response.status = statuses_[requests_.size() - 1];
    return response;
  }

  asio::io_context io_;
  HttpServer server_{io_, [this](const Request& request) { return Take(request); }};
  absl::Mutex mutex_;
  const std::vector<int> statuses_;
  std::vector<Request> requests_ ABSL_GUARDED_BY(mutex_);
  std::jthread thread_;
};

class RunningShell {
 public:
  explicit RunningShell(Options options) : shell_(std::move(options), clock_) {
    EXPECT_TRUE(shell_.Start().ok());
    thread_ = std::jthread([this] { shell_.Run(); });
  }
  ~RunningShell() { shell_.Stop(); }
  RunningShell(const RunningShell&) = delete;
  RunningShell& operator=(const RunningShell&) = delete;

  std::string address() const { return shell_.address(); }
  Reply Get(const std::string& target) { return Send(address(), http::verb::get, target); }
  Reply Post(const std::string& target, const std::string& body = "") {
    return Send(address(), http::verb::post, target, body);
  }

 private:
  base::ServiceClock clock_;
  Shell shell_;
  std::jthread thread_;
};

Options MakeOptions(std::vector<std::string> arguments) {
  auto options = ParseOptions(arguments);
  EXPECT_TRUE(options.ok()) << options.status();
  return *std::move(options);
}

const char* const kIncoming =
    R"({"from":"447700900123","to":"442079460001","hangs-up-after":3600})";

TEST(Shell, PostsSignedWebhooksAndServesTheApi) {
  Receiver receiver;
  RunningShell shell(
      MakeOptions({"--webhook-url", receiver.url(), "--webhook-hmac-secret", "secret", "--api-key",
                   "key", "--webhook-connections", "1", "--delay", "answer=10ms"}));
  const Reply started = shell.Post("/control/incoming-call", kIncoming);
  ASSERT_EQ(started.status, 201) << started.body;
  const std::string call = At(started.body, "/callId");
  const Request received = receiver.WaitFor(1).at(0);
  EXPECT_EQ(received.target, "/infobip/events");
  EXPECT_EQ(At(received.body, "/type"), "CALL_RECEIVED");
  EXPECT_EQ(At(received.body, "/properties/apiBaseUrl"), "http://" + shell.address());
  EXPECT_EQ(shell.Post("/calls/1/calls/" + call + "/answer", "{}").status, 200);
  EXPECT_EQ(At(receiver.WaitFor(2).at(1).body, "/type"), "CALL_ESTABLISHED");
  EXPECT_EQ(shell.Post("/control/hangup", R"({"callId":")" + call + R"("})").status, 200);
  EXPECT_EQ(At(receiver.WaitFor(3).at(2).body, "/type"), "CALL_FINISHED");
  const Reply state = shell.Get("/control/state");
  EXPECT_EQ(At(state.body, "/callsAlive"), "0");
  EXPECT_EQ(At(state.body, "/violations"), "0");
  EXPECT_EQ(At(state.body, "/requests/answer/200"), "1");
  EXPECT_EQ(At(state.body, "/calls/0/timeline/1/text"), "is answered");
}

TEST(Shell, PostsIncomingCallsToAPathOfTheirOwn) {
  Receiver receiver;
  RunningShell shell(MakeOptions({"--webhook-url", receiver.url(), "--webhook-receive-path",
                                  "/infobip/receive", "--webhook-connections", "1"}));
  const Reply started = shell.Post("/control/incoming-call", kIncoming);
  ASSERT_EQ(started.status, 201) << started.body;
  EXPECT_EQ(receiver.WaitFor(1).at(0).target, "/infobip/receive");
  const std::string hangup = R"({"callId":")" + At(started.body, "/callId") + R"("})";
  ASSERT_EQ(shell.Post("/control/hangup", hangup).status, 200);
  EXPECT_EQ(receiver.WaitFor(2).at(1).target, "/infobip/events");
}

TEST(Shell, RepeatsAWebhookThatIsNotAnswered200) {
  Receiver receiver({503, 400});
  RunningShell shell(MakeOptions({"--webhook-url", receiver.url(), "--webhook-basic",
                                  "user:password", "--webhook-repeat-after", "10ms"}));
  ASSERT_EQ(shell.Post("/control/incoming-call", kIncoming).status, 201);
  const std::vector<Request> requests = receiver.WaitFor(3);
  EXPECT_EQ(requests[0].body, requests[2].body);
  EXPECT_EQ(requests[2].authorization, "Basic dXNlcjpwYXNzd29yZA==");
  std::string accepted;
  // The receiver has answered; the sender has yet to read it.
  while (accepted != "1") accepted = At(shell.Get("/control/state").body, "/webhooks/accepted");
  const Reply state = shell.Get("/control/state");
  EXPECT_EQ(At(state.body, "/webhooks/refused"), "2");
  EXPECT_EQ(At(state.body, "/webhooks/repeated"), "2");
  const std::string journal = shell.Get("/control/webhooks").body;
  EXPECT_EQ(At(journal, "/webhooks/0/status"), "503");
  EXPECT_EQ(At(journal, "/webhooks/1/status"), "400");
  EXPECT_EQ(At(journal, "/webhooks/2/status"), "200");
  EXPECT_EQ(At(journal, "/webhooks/2/body"), requests[2].body);
  EXPECT_LE(At(journal, "/webhooks/2/posted"), At(journal, "/webhooks/2/answered"));
}

TEST(Shell, ResetsTheConnectionAfterTheEffect) {
  RunningShell shell(MakeOptions({"--fault", "reset-after=1", "--fault", "times=1"}));
  const std::string body = R"({"callsConfigurationId":"callbridge","name":"lost"})";
  EXPECT_EQ(shell.Post("/calls/1/conferences", body).status, 0);
  const Reply list = shell.Get("/calls/1/conferences?name=lost");
  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(At(list.body, "/paging/totalResults"), "1");
}

TEST(Shell, RefusesABodyThatIsTooLarge) {
  RunningShell shell(MakeOptions({}));
  const std::string body(kRequestBodyBytesMax + 1, 'x');
  EXPECT_EQ(shell.Post("/calls/1/conferences", body).status, 413);
}

TEST(Shell, LetsResponsesWait) {
  RunningShell shell(
      MakeOptions({"--fault", "slow-response=1", "--fault", "slow-response-by=50ms"}));
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(shell.Get("/calls/1/calls").status, 200);
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(50));
}

TEST(Shell, IsControlledAtRunTime) {
  RunningShell shell(MakeOptions({}));
  EXPECT_EQ(shell.Post("/control/switches", R"({"custom-data":"replace","throttles":true})").status,
            200);
  EXPECT_EQ(At(shell.Get("/control/switches").body, "/throttles"), "yes");
  EXPECT_EQ(shell.Post("/control/faults", R"({"error-before":1,"drop-types":"ERROR"})").status,
            200);
  EXPECT_EQ(shell.Get("/calls/1/calls").status, 500);
  EXPECT_EQ(shell.Post("/control/reset-faults").status, 200);
  EXPECT_EQ(shell.Get("/calls/1/calls").status, 200);
  EXPECT_EQ(shell.Post("/control/delays", R"({"answer":"5s"})").status, 200);
  EXPECT_EQ(At(shell.Get("/control/delays").body, "/answer"), "5s");
  EXPECT_EQ(shell.Post("/control/people", R"({"447700900456":"busy"})").status, 200);
  EXPECT_EQ(At(shell.Get("/control/requests").body, "/requests/0/operation"), "list-calls");
  EXPECT_EQ(shell.Post("/control/reset-journal").status, 200);
  EXPECT_EQ(At(shell.Get("/control/requests").body, "/requests"), "[]");
}

TEST(Shell, SaysWhatIsWrongWithAControlRequest) {
  RunningShell shell(MakeOptions({}));
  const std::pair<const char*, const char*> wrong[] = {
      {"/control/incoming-call", R"({"from":"447700900123"})"},
      {"/control/incoming-call", R"({"from":"1","to":"2","hangs-up-after":"soon"})"},
      {"/control/incoming-call", R"({"from":"1","to":"2","wait":1})"},
      {"/control/incoming-call", "no json"},
      {"/control/switches", R"({"custom-data":"both"})"},
      {"/control/faults", R"({"drop":[1]})"},
      {"/control/people", R"({"447700900456":"sleeps"})"},
      {"/control/hangup", "{}"},
  };
  for (const auto& [target, body] : wrong) {
    const Reply reply = shell.Post(target, body);
    EXPECT_EQ(reply.status, 400) << target << body;
    EXPECT_NE(At(reply.body, "/error"), "") << reply.body;
  }
  EXPECT_EQ(shell.Post("/control/hangup", R"({"callId":"nobody"})").status, 404);
  EXPECT_EQ(shell.Post("/control/unknown").status, 404);
  EXPECT_EQ(shell.Get("/control/unknown").status, 404);
}

TEST(Shell, TellsWhenItCannotListen) {
  RunningShell first(MakeOptions({}));
  const base::ServiceClock clock;
  Shell second(MakeOptions({"--listen", first.address()}), clock);
  EXPECT_EQ(second.Start().code(), absl::StatusCode::kUnavailable);
}

// Starts the program and reads its first line.
struct Program {
  pid_t pid = 0;
  std::string line;
};

Program StartProgram(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), std::string(CALLBRIDGE_BINARY_DIR) + "/infobip-simulator");
  std::vector<char*> values;
  for (std::string& argument : arguments) values.push_back(argument.data());
  values.push_back(nullptr);
  std::array<int, 2> pipe_ends{};
  EXPECT_EQ(pipe(pipe_ends.data()), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, pipe_ends[0]);
  Program program;
  EXPECT_EQ(posix_spawn(&program.pid, values[0], &actions, nullptr, values.data(), environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);
  char character = 0;
  while (read(pipe_ends[0], &character, 1) == 1 && character != '\n') program.line += character;
  close(pipe_ends[0]);
  return program;
}

TEST(Program, SaysWhereItListensWritesThePortFileAndStopsOnSigterm) {
  const settings::Folder folder;
  const std::string port_file = folder.Path("simulator.port");
  const Program program =
      StartProgram({"--listen", "127.0.0.1:0", "--port-file", port_file, "--speed", "10"});
  ASSERT_TRUE(program.line.starts_with("listening on 127.0.0.1:")) << program.line;
  std::string port;
  std::ifstream(port_file) >> port;
  EXPECT_EQ("listening on 127.0.0.1:" + port, program.line);
  EXPECT_EQ(Send("127.0.0.1:" + port, http::verb::get, "/control/state").status, 200);
  ASSERT_EQ(kill(program.pid, SIGTERM), 0);
  int status = 0;
  ASSERT_EQ(waitpid(program.pid, &status, 0), program.pid);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Program, RefusesAWrongArgument) {
  const Program program = StartProgram({"--no-such-thing", "1"});
  EXPECT_EQ(program.line, "");
  int status = 0;
  ASSERT_EQ(waitpid(program.pid, &status, 0), program.pid);
  EXPECT_EQ(WEXITSTATUS(status), 1);
}

}  // namespace
}  // namespace callbridge::simulator
