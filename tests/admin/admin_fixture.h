// callbridge-admin against the simulator's model in this process: the program's own arguments, a
// settings file, and an account that the test can look at and change as somebody else would.
#pragma once

#include <absl/strings/match.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "server/admin/run.h"
#include "server/base/clock.h"
#include "tests/settings/folder.h"
#include "tests/simulator/model.h"
#include "tests/simulator/model_driver.h"

namespace callbridge::admin {

inline constexpr char kApiKey[] = "the-key-of-the-account";
inline constexpr char kSecret[] = "the-secret-of-webhooks";
inline constexpr char kPublicUrl[] = "https://hooks.example.com";
inline constexpr char kSoundsUrl[] = "https://files.example.com";

// The settings of most tests. The names of files are those that AdminTest writes.
inline constexpr char kSettings[] = R"(service_id: shop
store: {memory: {}}
accounts:
  default:
    base_url: https://account.api.infobip.com
    api_key_file: FOLDER/api-key
    calls_configuration_id: shop-calls
webhook:
  public_url: https://hooks.example.com
  hmac: {secret_files: [FOLDER/secret]}
dialing: {allowed_prefixes: ["+44"]}
routes:
  - name: support
    number: "+442079460001"
    callees:
      - endpoint: {phone: {number: "+447700900456"}}
)";

struct Result {
  ExitStatus status = ExitStatus::kOk;
  std::string out;
  std::string err;
};

// Hands requests for the account to the model, and answers others as an ingress does.
class ModelTransport final : public provider::Transport {
 public:
  struct World {
    simulator::Model& model;
    base::ManualClock& clock;
    // How far the provider's clock is ahead.
    base::Duration ahead{};
    // What the ingress answers, by method and path; 404 for others.
    std::map<std::string, int> ingress;
    // "PUT /path" of each request to the account that is no GET, in order.
    std::vector<std::string> writes;
    // Authorization of the requests to the ingress.
    std::string shown_to_ingress;
    // Whether the ingress ends the handshake of a client without a certificate.
    bool ingress_wants_certificate = false;
    // What the server of sounds answers, by method and path; 404 for others.
    std::map<std::string, provider::HttpAnswer> sounds;
  };

  explicit ModelTransport(World& world) : world_(world) {}

  void Submit(provider::Outgoing outgoing, provider::Transfer::Done done) override {
    const std::string method = NameOf(outgoing.request.method);
    provider::HttpAnswer answer;
    answer.request_left = true;
    if (outgoing.base_url == kPublicUrl) {
      world_.shown_to_ingress += outgoing.authorization_header;
      if (world_.ingress_wants_certificate) {
        answer.code = CURLE_RECV_ERROR;
        answer.certificate_missing = true;
        return done(answer);
      }
      const auto known = world_.ingress.find(method + " " + outgoing.request.target);
      answer.http_status = known == world_.ingress.end() ? 404 : known->second;
      if (answer.http_status == 0) answer.code = CURLE_COULDNT_CONNECT;
      return done(answer);
    }
    if (outgoing.base_url == kSoundsUrl) {
      EXPECT_EQ(outgoing.authorization_header, "");
      const auto known = world_.sounds.find(method + " " + outgoing.request.target);
      if (known != world_.sounds.end()) return done(known->second);
      answer.http_status = 404;
      return done(answer);
    }
    if (method != "GET") world_.writes.push_back(method + " " + outgoing.request.target);
    simulator::Request request{method,
                               outgoing.request.target,
                               outgoing.request.body,
                               outgoing.authorization_header,
                               "application/json",
                               ""};
    if (outgoing.request.form) WriteForm(*outgoing.request.form, request);
    const simulator::Response response =
        world_.model.HandleRequest(request, world_.clock.Now() + world_.ahead);
    answer.http_status = response.status;
    if (response.reset) answer.code = CURLE_RECV_ERROR;
    answer.body = response.body;
    if (response.date) answer.date = std::chrono::floor<std::chrono::seconds>(*response.date);
    done(answer);
  }
  void Post(std::function<void()> closure) override { closure(); }

 private:
  // As libcurl writes it (tests/provider/form_file_test.cc), in pieces.
  static void WriteForm(const provider::FormFile& form, simulator::Request& request) {
    constexpr std::size_t kPiece = 5'000;
    request.content_type = "multipart/form-data; boundary=x1";
    request.body = "--x1\r\nContent-Disposition: form-data; name=\"" + form.part +
                   "\"; filename=\"" + form.file_name + "\"\r\nContent-Type: " + form.content_type +
                   "\r\n\r\n";
    std::string piece(kPiece, '\0');
    for (std::int64_t at = 0; at < form.size;) {
      const std::size_t bytes = form.read(at, piece.data(), piece.size());
      if (bytes == 0) break;
      request.body.append(piece, 0, bytes);
      at += static_cast<std::int64_t>(bytes);
    }
    request.body += "\r\n--x1--\r\n";
  }

  World& world_;
};

class AdminTest : public ::testing::Test {
 protected:
  // The account as it is sold, with nothing in it.
  static simulator::Settings Sold() {
    simulator::Settings settings;
    settings.api_key = kApiKey;
    settings.configurations.clear();
    return settings;
  }

  explicit AdminTest(simulator::Settings account = Sold()) : model_(std::move(account)) {
    folder_.Write("api-key", kApiKey);
    folder_.Write("secret", kSecret);
    WriteSettings();
    world_.ingress = {{"GET /infobip/events", 405}, {"POST /infobip/events", 401}};
  }

  // kSettings with some texts replaced, each of which must stand in it.
  void WriteSettings(const std::vector<std::pair<std::string, std::string>>& replacements = {}) {
    std::string yaml = kSettings;
    for (const auto& [from, to] : replacements) {
      ASSERT_TRUE(absl::StrContains(yaml, from)) << from;
      yaml = absl::StrReplaceAll(yaml, {{from, to}});
    }
    folder_.Write("settings.yaml", absl::StrReplaceAll(yaml, {{"FOLDER", folder_.Path("")}}));
  }

  Result Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--config", folder_.Path("settings.yaml")});
    world_.writes.clear();
    std::ostringstream out;
    std::ostringstream err;
    const Surroundings surroundings{out,
                                    err,
                                    clock_,
                                    [this] { return std::make_unique<ModelTransport>(world_); },
                                    [this](base::Duration duration) {
                                      waited_ += duration;
                                      clock_.Advance(duration);
                                    },
                                    [this](const std::string& address) {
                                      asked_server_ = address;
                                      return server_;
                                    },
                                    terminal_};
    const ExitStatus status = admin::Run(arguments, surroundings);
    return {status, out.str(), err.str()};
  }

  // A request as somebody else sends it, for example the portal.
  simulator::Response Ask(const std::string& method, const std::string& target,
                          const std::string& body = "") {
    return model_.HandleRequest(
        {method, target, body, std::string("App ") + kApiKey, "application/json", ""},
        clock_.Now());
  }
  // A text of what the account answers to GET.
  std::string At(const std::string& target, const std::string& pointer) {
    return simulator::At(Ask("GET", target).body, pointer);
  }
  std::string VoicePath(const std::string& number) const {
    for (const auto& owned : model_.world().account.numbers) {
      if (owned.number == number) return "/numbers/2/numbers/" + owned.key + "/voice";
    }
    return "";
  }

  static constexpr char kConfiguration[] = "/calls/1/configurations/shop-calls";
  static constexpr char kProfile[] = "/subscriptions/1/profiles/callbridge-shop-default";
  static constexpr char kSubscription[] =
      "/subscriptions/1/subscription/VOICE_VIDEO/callbridge-shop-default";

  settings::Folder folder_;
  base::ManualClock clock_{base::Time(std::chrono::hours(500'000))};
  base::Duration waited_{};
  bool terminal_ = false;
  // What the server answers that doctor asks, and at which address it was asked.
  absl::StatusOr<internal::v1::GetStatusResponse> server_ = internal::v1::GetStatusResponse();
  std::string asked_server_;
  simulator::Model model_;
  ModelTransport::World world_{model_, clock_, {}, {}, {}, {}, false, {}};
};

}  // namespace callbridge::admin
