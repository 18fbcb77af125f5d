// One StreamEvents call, read message by message on the caller's thread. It also ends when no
// message comes for too long. It does not handle tokens and does not reconnect.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/support/async_stream.h>

#include <chrono>
#include <memory>

#include "callbridge/v1/bridge_service.grpc.pb.h"

namespace callbridge::client {

// One thread uses it; Cancel may be called from any thread.
class EventStream {
 public:
  struct Limits {
    // The first message must arrive within this time. Later ones have silence_max, because a server
    // that has sent a message is there and then owes only its bookmarks.
    std::chrono::milliseconds first_silence_max;
    // The longest time between two messages, including bookmarks.
    std::chrono::milliseconds silence_max;
    // The time for the whole call.
    std::chrono::milliseconds timeout;
  };

  EventStream(v1::BridgeService::Stub& stub, const v1::StreamEventsRequest& request, Limits limits);
  // Ends the call if it is still running.
  ~EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  // Waits for the next message. False means that there are no more messages; Finish tells why.
  bool Read(v1::StreamEventsResponse& message);
  // Ends the call and returns its status, also after Read returned false. UNAVAILABLE means that no
  // message came for too long.
  grpc::Status Finish();
  // Makes a Read in progress return false soon.
  void Cancel() { context_.TryCancel(); }

 private:
  bool WaitForOperation();

  Limits limits_;
  // The time limit of the next message: first_silence_max, then silence_max.
  std::chrono::milliseconds patience_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::ClientAsyncReader<v1::StreamEventsResponse>> reader_;
  bool open_ = false;
  bool silent_ = false;
  bool finished_ = false;
};

}  // namespace callbridge::client
