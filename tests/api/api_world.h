// The public service on a real gRPC server on port 0, over a store in memory and a clock that
// stands still. The worker is a loop around the real flow that the test may start; without it
// nothing is stepped.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "callbridge/v1/bridge_service.grpc.pb.h"
#include "server/admission/room.h"
#include "server/api/bridge_service.h"
#include "server/api/grpc_listener.h"
#include "server/base/ids.h"
#include "server/provider/pace.h"
#include "tests/api/story.h"

namespace callbridge::tests {

// Complete settings: numbers beginning "+44" may be called but not "+4499", "+442070000001" is
// shown.
config::v1::Settings TestSettings();

// A valid click to call.
v1::StartBridgeRequest ClickToCall(const std::string& request_id);

// Steps everything that waits, once. Returns how many inputs were consumed.
int StepAll(store::Store& store, base::Time now);

// Steps whatever comes, until it is destroyed.
class Stepper {
 public:
  Stepper(store::Store& store, const base::Clock& clock);

 private:
  void Run(const std::stop_token& stop);

  store::Store& store_;
  const base::Clock& clock_;
  std::jthread thread_;
};

// An open StreamEvents of a client; cancelled when destroyed.
class OpenStream {
 public:
  OpenStream(v1::BridgeService::Stub& stub, const v1::StreamEventsRequest& request);
  ~OpenStream();
  OpenStream(const OpenStream&) = delete;
  OpenStream& operator=(const OpenStream&) = delete;

  // Absent: the stream has ended.
  std::optional<v1::StreamEventsResponse> Next();
  // Reads until a bookmark of this kind; what came before it and is an event goes into events.
  std::optional<v1::StreamEventsResponse> NextBookmark(v1::Bookmark::Kind kind);
  // Reads to the end.
  grpc::Status Finish();
  void Cancel() { context_.TryCancel(); }

  const std::vector<v1::SessionEvent>& events() const { return events_; }
  const std::string& last_token() const { return last_token_; }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::StreamEventsResponse>> reader_;
  std::vector<v1::SessionEvent> events_;
  std::string last_token_;
  bool finished_ = false;
};

// Far enough for a loaded machine; a test that needs it has failed.
void SetDeadline(grpc::ClientContext& context);

class ApiWorld {
 public:
  explicit ApiWorld(config::v1::Settings settings = TestSettings());

  void StartWorker() { stepper_ = std::make_unique<Stepper>(story.store(), story.clock()); }
  // An offered incoming call, not stepped yet. The session's id.
  std::string OfferCall(const std::string& call_id);

  grpc::Status Start(const v1::StartBridgeRequest& request, v1::StartBridgeResponse* response);
  grpc::Status Get(const std::string& session_id, v1::GetSessionResponse* response);
  grpc::Status End(const std::string& session_id, v1::EndSessionResponse* response);
  grpc::Status List(const v1::ListSessionsRequest& request, v1::ListSessionsResponse* response);
  template <typename Request, typename Response>
  grpc::Status Ask(grpc::Status (v1::BridgeService::Stub::*method)(grpc::ClientContext*,
                                                                   const Request&, Response*),
                   const Request& request, Response* response) {
    grpc::ClientContext context;
    SetDeadline(context);
    return (stub.get()->*method)(&context, request, response);
  }

  // Declared in the order in which they may use each other.
  Story story;
  config::v1::Settings settings;
  base::SeededRandomBits random_bits{7};
  std::atomic<std::int64_t> free_disk_bytes{1LL << 40};
  class Rates final : public provider::Outlook {
   public:
    provider::LeavingRate RateOf(const internal::v1::Command& like, base::Time now) override {
      return {now, (like.has_dial_leg() ? dials_per_second : conferences_per_second).load()};
    }
    std::atomic<double> dials_per_second = 6;
    std::atomic<double> conferences_per_second = 20;
  };
  Rates rates;
  internal::v1::Timing timing;
  admission::Room room;
  api::BridgeService service;
  std::unique_ptr<api::GrpcListener> listener;
  std::unique_ptr<v1::BridgeService::Stub> stub;

 private:
  std::unique_ptr<Stepper> stepper_;
};

// A client of its own connection.
std::unique_ptr<v1::BridgeService::Stub> Connect(int port);

// A connection of its own on which the server sends about 64 KiB of an answer that the client does
// not read, however fast the connection is.
std::shared_ptr<grpc::Channel> ConnectWithSmallWindow(int port);

}  // namespace callbridge::tests
