// A listener that runs, with a sink that the test commands, and the requests to send it.
#pragma once

#include <absl/strings/escaping.h>
#include <absl/strings/str_format.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "server/base/clock.h"
#include "tests/webhook/held_sink.h"
#include "tests/webhook/http_client.h"
#include "webhook/listener.h"

namespace callbridge::webhook {

inline constexpr std::string_view kPath = "/infobip/events";
inline constexpr std::string_view kBody =
    R"({"type":"CALL_RINGING","callId":"c1","timestamp":"2026-01-15T12:00:00Z"})";

// A listener that runs.
class RunningListener {
 public:
  explicit RunningListener(ListenerOptions options = {},
                           std::vector<BasicCredential> credentials = {})
      : clock_(base::Time(std::chrono::seconds(1'768'478'400))) {
    if (credentials.empty()) credentials = {{"user", "password"}};
    authenticator_ = *MakeBasicAuthenticator(std::move(credentials));
    auto listener = MakeListener(io_context_, std::move(options), *authenticator_, sink_, clock_);
    EXPECT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
    thread_ = std::jthread([this] { io_context_.run(); });
  }
  ~RunningListener() {
    sink_.Release();
    listener_->Drain();
  }

  HeldSink& sink() { return sink_; }
  std::uint16_t port() const { return listener_->port(); }
  void Drain() { listener_->Drain(); }
  // Returns when nothing of the listener is left to run.
  void AwaitEnd() { thread_.join(); }

 private:
  base::ManualClock clock_;
  HeldSink sink_;
  std::unique_ptr<Authenticator> authenticator_;
  boost::asio::io_context io_context_;
  std::unique_ptr<Listener> listener_;
  std::jthread thread_;
};

inline std::string Credentials(const std::string& pair = "user:password") {
  return "Authorization: Basic " + absl::Base64Escape(pair) + "\r\n";
}

inline std::string Webhook(std::string_view body = kBody, std::string_view path = kPath) {
  return Post(path, Credentials(), body);
}

inline std::string Get(std::string_view path) {
  return absl::StrFormat("GET %s HTTP/1.1\r\nHost: test\r\n\r\n", std::string(path));
}

}  // namespace callbridge::webhook
