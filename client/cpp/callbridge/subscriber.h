// Follows the event stream for as long as its user wants. It resumes with the last token after
// every interruption, notices dead connections, and drops events that come again. It keeps the
// promises of StreamEvents over reconnects. It stores no state, so a program that must survive its
// own restart stores the token.
#pragma once

#include <absl/status/status.h>
#include <grpcpp/channel.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "callbridge/backoff.h"
#include "callbridge/limits.h"
#include "callbridge/v1/bridge_service.grpc.pb.h"

namespace callbridge::client {

// The stream ended and will be opened again.
struct Interruption {
  // Why the stream ended. OK means that the server ended a stream of all sessions without an error.
  absl::Status cause;
  // The server announced the end with a bookmark CLOSING, which is a usual event.
  bool announced = false;
  // The number of the attempt since the last message: 1, 2 …
  int attempt = 0;
  // The time until that attempt.
  std::chrono::milliseconds delay{0};
};

// The first message after an interruption has come.
struct Resumption {
  // False means that there was no token yet, and that the subscription began with NOW or SNAPSHOT.
  // Events in between were not delivered; a snapshot follows if the request asks for one.
  bool nothing_missed = false;
  // The last event that was delivered before; 0 if there was none.
  std::int32_t after_sequence = 0;
};

// Called on the thread of Run, one call after the other. An observer may be slow, because the
// server keeps the history.
class Observer {
 public:
  virtual ~Observer() = default;

  // Called once for each event. Store resume_token together with what the event changed, and pass
  // it to a later Run.
  virtual void OnEvent(const v1::SessionEvent& event, const std::string& resume_token) = 0;
  // Called for each session of a snapshot. It replaces what the observer knew of the session.
  virtual void OnSnapshot(const v1::Session& session) = 0;
  // Called for each bookmark. A later Run may begin with its resume_token.
  virtual void OnBookmark(const v1::Bookmark& bookmark, const std::string& resume_token) = 0;
  // Called when the stream ended and will be opened again.
  virtual void OnInterrupted(const Interruption& interruption) = 0;
  // Called for the first message after an interruption.
  virtual void OnResumed(const Resumption& resumption) = 0;
};

// How the subscriber opens its streams.
struct SubscriberOptions {
  // The delays between two tries to open a stream.
  BackoffOptions backoff;
  // Gives up if no message has ever come within this time. Absent means never, because the server
  // may be started later.
  std::optional<std::chrono::milliseconds> first_message_timeout;
  // The limit of one stream; then the next stream resumes.
  std::chrono::milliseconds stream_timeout = kStreamTimeout;
};

// Returns the request that recovers from RESUME_TOKEN_EXPIRED: the same scope, from a snapshot. The
// snapshot also shows sessions that ended since the given moment, that of the last event seen; if
// it is absent, only living sessions.
v1::StreamEventsRequest MakeSnapshotRequest(
    v1::StreamEventsRequest request,
    const std::optional<google::protobuf::Timestamp>& ended_since = std::nullopt);

// Thread-safe: Runs do not share state.
class Subscriber {
 public:
  explicit Subscriber(const std::shared_ptr<grpc::Channel>& channel,
                      SubscriberOptions options = {});

  // Blocks until the subscription ends. OK means that the requested session has ended, or that all
  // events were read and stop_when_caught_up was set. CANCELLED means that stop was requested.
  // OUT_OF_RANGE with RESUME_TOKEN_EXPIRED (IsResumeTokenExpired) means to take a snapshot. Other
  // errors of StreamEvents are those that another try does not cure; UNAVAILABLE comes only from
  // first_message_timeout.
  absl::Status Run(const v1::StreamEventsRequest& request, Observer& observer,
                   std::stop_token stop);

 private:
  std::unique_ptr<v1::BridgeService::Stub> stub_;
  SubscriberOptions options_;
};

}  // namespace callbridge::client
