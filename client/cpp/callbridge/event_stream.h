// One StreamEvents call, read message by message on the caller's thread, that also ends when
// nothing comes for too long. It knows nothing of tokens and does not reconnect.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/support/async_stream.h>

#include <chrono>
#include <memory>

#include "callbridge/v1/bridge_service.grpc.pb.h"

namespace callbridge::client {

// One thread uses it; Cancel may be called from any.
class EventStream {
 public:
  struct Limits {
    // The first message must come within this. Later ones have silence_max: a server that has
    // spoken is there, and it owes no more than its bookmarks.
    std::chrono::milliseconds first_silence_max;
    // Each later message, bookmarks included, must come within this after the one before it.
    std::chrono::milliseconds silence_max;
    // For the whole call.
    std::chrono::milliseconds timeout;
  };

  EventStream(v1::BridgeService::Stub& stub, const v1::StreamEventsRequest& request, Limits limits);
  // Ends the call if it is still going.
  ~EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  // Waits for the next message. False: there is none any more, ask Finish why.
  bool Read(v1::StreamEventsResponse& message);
  // After Read was false, or to end the call. UNAVAILABLE when nothing came for too long.
  grpc::Status Finish();
  // Makes a Read in progress return false soon.
  void Cancel() { context_.TryCancel(); }

 private:
  bool WaitForOperation();

  Limits limits_;
  // What the next message has: the first one's time, then that of later ones.
  std::chrono::milliseconds patience_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::ClientAsyncReader<v1::StreamEventsResponse>> reader_;
  bool open_ = false;
  bool silent_ = false;
  bool finished_ = false;
};

}  // namespace callbridge::client
