// The server's side of the hand-over as in production, on a Unix socket and a store in memory.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "server/api/grpc_listener.h"
#include "server/base/clock.h"
#include "server/inbox/inbox_service.h"
#include "server/inbox/intake.h"
#include "server/store/memory/memory_store.h"
#include "tests/webhook/fixed_calls.h"

namespace callbridge::webhook {

// A server's inbox on a Unix socket, which can go away and come back with the same store.
class InboxServer {
 public:
  InboxServer() {
    const auto folder = std::filesystem::temp_directory_path() / "callbridge-inbox-XXXXXX";
    std::string name = folder.string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  ~InboxServer() {
    Stop();
    std::filesystem::remove_all(folder_);
  }

  // A folder of its own, removed at the end.
  const std::filesystem::path& folder() const { return folder_; }
  std::string address() const { return "unix:" + (folder_ / "inbox.sock").string(); }
  void Start() { Start(api::InboxListenOptions(address()).request_bytes_max); }
  // As a server of an older version might.
  void Start(int request_bytes_max) {
    api::ListenOptions options = api::InboxListenOptions(address());
    options.request_bytes_max = request_bytes_max;
    auto listener = api::GrpcListener::Start(options, {&service_});
    ASSERT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
  }
  void Stop() {
    if (listener_ == nullptr) return;
    listener_->Shutdown(std::chrono::seconds(1));
    listener_.reset();
  }
  store::Store& store() { return *store_; }
  inbox::IntakeCounters counters() const { return intake_.counters(); }

 private:
  std::filesystem::path folder_;
  base::ManualClock clock_{base::Time(std::chrono::seconds(1'768'478'400))};
  std::unique_ptr<store::Store> store_ = store::MakeMemoryStore();
  inbox::FixedCalls calls_{"442079460001"};
  inbox::Intake intake_{{"bridge", "bridge-prod"}, *store_, calls_};
  inbox::InboxService service_{
      intake_, *store_, clock_, {.system_ahead = [] { return std::chrono::milliseconds(-3'599); }}};
  std::unique_ptr<api::GrpcListener> listener_;
};

}  // namespace callbridge::webhook
