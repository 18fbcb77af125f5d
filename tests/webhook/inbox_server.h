// The server's side of the hand-over as in production, on a Unix socket and a store in memory.
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

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
  void Start() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address(), grpc::InsecureServerCredentials());
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
  }
  void Stop() {
    if (server_ == nullptr) return;
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
    server_.reset();
  }
  store::Store& store() { return *store_; }
  inbox::IntakeCounters counters() const { return intake_.counters(); }

 private:
  std::filesystem::path folder_;
  base::ManualClock clock_{base::Time(std::chrono::seconds(1'768'478'400))};
  std::unique_ptr<store::Store> store_ = store::MakeMemoryStore();
  inbox::FixedCalls calls_{"442079460001"};
  inbox::Intake intake_{{"bridge", "bridge-prod"}, *store_, calls_};
  inbox::InboxService service_{intake_, *store_, clock_};
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace callbridge::webhook
