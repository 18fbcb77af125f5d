#include "callbridge/event_stream.h"

#include <absl/strings/str_format.h>

#include "callbridge/deadline.h"

namespace callbridge::client {
EventStream::EventStream(v1::BridgeService::Stub& stub, const v1::StreamEventsRequest& request,
                         Limits limits)
    : limits_(limits), patience_(limits.first_silence_max) {
  context_.set_deadline(DeadlineIn(limits_.timeout));
  reader_ = stub.PrepareAsyncStreamEvents(&context_, request, &queue_);
  reader_->StartCall(this);
  open_ = WaitForOperation();
}

EventStream::~EventStream() {
  if (!finished_) {
    Cancel();
    Finish();
  }
  queue_.Shutdown();
  // The queue must be empty before it is destroyed. Every operation has been waited for, so only
  // its shutdown is left.
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
  }
}

bool EventStream::Read(v1::StreamEventsResponse& message) {
  if (!open_) return false;
  reader_->Read(&message, this);
  open_ = WaitForOperation();
  if (open_) patience_ = limits_.silence_max;
  return open_;
}

grpc::Status EventStream::Finish() {
  // Finish waits for the end of the stream, so a call that is still open is cancelled first.
  if (open_) Cancel();
  grpc::Status status;
  reader_->Finish(&status, this);
  WaitForOperation();
  open_ = false;
  finished_ = true;
  if (!silent_) return status;
  return {grpc::StatusCode::UNAVAILABLE,
          absl::StrFormat("no message came for %.1f s, not even a bookmark",
                          static_cast<double>(patience_.count()) / 1000)};
}

// Waits for the end of the operation. One operation runs at a time, so the next event of the queue
// is its end.
bool EventStream::WaitForOperation() {
  gpr_timespec deadline = DeadlineIn(patience_);
  void* tag = nullptr;
  bool ok = false;
  for (;;) {
    switch (queue_.AsyncNext(&tag, &ok, deadline)) {
      case grpc::CompletionQueue::GOT_EVENT:
        return ok;
      case grpc::CompletionQueue::SHUTDOWN:
        return false;
      case grpc::CompletionQueue::TIMEOUT:
        silent_ = true;
        Cancel();
        deadline = gpr_inf_future(GPR_CLOCK_MONOTONIC);
    }
  }
}

}  // namespace callbridge::client
