// The thread that reads the store for all open streams, so that gRPC's few callback threads never
// wait for a disk. It wakes when the store changes, follows the stream of all sessions to learn
// which histories grew, and lets only the streams of those sessions read.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "server/api/event_stream.h"
#include "server/base/bell.h"
#include "server/base/clock.h"
#include "server/base/counters.h"
#include "server/store/changes.h"
#include "server/store/history.h"
#include "server/store/roles.h"
#include "server/store/sessions.h"

namespace callbridge::api {

// Thread-safe. Store and clock must outlive it. It must outlive every stream, so the gRPC server
// must stop first.
class StreamReader {
 public:
  StreamReader(store::Roles<store::History, store::Sessions, store::Changes> store,
               const base::Clock& clock, int streams_max);
  ~StreamReader();
  StreamReader(const StreamReader&) = delete;
  StreamReader& operator=(const StreamReader&) = delete;

  // Returns a reactor for gRPC, which lives until its OnDone. If the stream is refused with
  // TOO_MANY_STREAMS or DRAINING, the reactor has already finished with that status.
  grpc::ServerWriteReactor<v1::StreamEventsResponse>* Open(grpc::CallbackServerContext* context,
                                                           StreamWish wish);

  // Ends every stream with CLOSING and DRAINING and refuses new ones.
  void Drain();
  // Waits until no stream is open. Returns false if `longest` passes first.
  bool WaitUntilEmpty(base::Duration longest);
  int open_streams() const;

 private:
  using Streams = std::vector<std::shared_ptr<EventStream>>;

  void Run(const std::stop_token& stop);
  // Waits for work, and takes the streams that asked for ReadOn.
  Streams TakeReady(const std::stop_token& stop, bool& changed);
  Streams OpenStreams() const;
  void Schedule(std::shared_ptr<EventStream> stream);
  void Forget(const EventStream* stream);
  // Returns the streams that have new events, by following the feed. It sets tail_.
  Streams StreamsWithNews();
  // Adds the sessions whose history grew since tail_. False means that they are unknown, so that
  // all streams should read.
  bool FollowFeed(std::set<std::string>& sessions);

  const store::Roles<store::History, store::Sessions> readable_;
  store::History& history_;
  store::Changes& changes_;
  const base::Clock& clock_;
  const int streams_max_;

  mutable absl::Mutex mutex_;
  base::Bell bell_;
  // Keeps each stream alive until gRPC has let go of it.
  Streams streams_ ABSL_GUARDED_BY(mutex_);
  base::Gauge open_{"api_streams_open", "Streams of events that are open."};
  Streams ready_ ABSL_GUARDED_BY(mutex_);
  bool changed_ ABSL_GUARDED_BY(mutex_) = false;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;

  // Only the thread uses it. Absent means that no stream was open, so the feed was not followed.
  std::optional<store::FeedPosition> tail_;
  int listener_ = 0;
  std::jthread thread_;
};

}  // namespace callbridge::api
