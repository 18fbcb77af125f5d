// One open StreamEvents call towards gRPC. Every callback only notes a fact and calls Advance().
// Advance() alone writes or finishes, under one mutex, so there is one write at a time and one
// Finish. It reads the store only in ReadOn, on the thread of the StreamReader, never on gRPC's.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "callbridge/v1/bridge_service.pb.h"
#include "server/api/event_cursor.h"
#include "server/api/refused.h"
#include "server/api/stream_request.h"
#include "server/base/clock.h"

namespace callbridge::api {

class EventStream final : public grpc::ServerWriteReactor<v1::StreamEventsResponse>,
                          public std::enable_shared_from_this<EventStream> {
 public:
  // What the stream asks of its owner. The owner keeps the stream alive until `forget`, and lends
  // it a thread. Both functions are called from any thread, without a lock held.
  struct Owner {
    // Asks the owner to call ReadOn soon.
    std::function<void(std::shared_ptr<EventStream>)> schedule;
    // Says that gRPC has let go of the stream.
    std::function<void(const EventStream*)> forget;
  };

  EventStream(grpc::CallbackServerContext* context,
              store::Roles<store::History, store::Sessions> store, StreamWish wish,
              const base::Clock& clock, Owner owner);

  // Only the StreamReader's thread calls the next three. ReadOn reads the next messages if all
  // earlier ones were taken.
  void ReadOn(base::Time now);
  // Notices stalls and age. Returns true if ReadOn has work although the store has not changed.
  bool Tick(base::Time now);
  // Ends the stream with this status after the queued messages. A bookmark announces the end.
  void Close(const absl::Status& status, std::optional<base::Duration> reconnect_delay);

  // The session of the stream. Empty means all sessions.
  const std::string& session_id() const { return session_id_; }

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  struct Closure {
    absl::Status status;
    std::optional<base::Duration> reconnect_delay;
  };

  void Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void FinishWith(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // True if every message was taken and the stream continues.
  bool WantsMore() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  grpc::CallbackServerContext* const context_;
  const base::Clock& clock_;
  const Owner owner_;
  const std::string session_id_;
  const base::Time open_time_;
  // Only the StreamReader's thread uses it.
  EventCursor cursor_;

  absl::Mutex mutex_;
  std::deque<v1::StreamEventsResponse> outbox_ ABSL_GUARDED_BY(mutex_);
  // True while gRPC holds the first message of the outbox, until OnWriteDone.
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  base::Time write_time_ ABSL_GUARDED_BY(mutex_);
  bool seen_overdue_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<Closure> closure_ ABSL_GUARDED_BY(mutex_);
  // The status with which the stream finishes when the outbox is empty.
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  base::Time finish_time_ ABSL_GUARDED_BY(mutex_);
  bool reset_ ABSL_GUARDED_BY(mutex_) = false;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
};

using RefusedEvents = Refused<grpc::ServerWriteReactor<v1::StreamEventsResponse>>;

}  // namespace callbridge::api
