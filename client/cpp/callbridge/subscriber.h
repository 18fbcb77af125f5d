// Follows the event stream for as long as its user wants: resumes with the last token after every
// interruption, notices dead connections, recognises events that come again. It promises what
// StreamEvents promises, over reconnects; it stores nothing, so a program that must survive its own
// restart keeps the token it is given.
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
  // OK: the server ended a stream of all sessions without an error.
  absl::Status cause;
  // The server said so before with a bookmark CLOSING: an everyday event.
  bool announced = false;
  // 1, 2 … since the last message.
  int attempt = 0;
  std::chrono::milliseconds delay{0};
};

// The first message after an interruption has come.
struct Resumption {
  // False: there was no token yet and the subscription began NOW or with SNAPSHOT. What happened
  // meanwhile was not delivered as events; a snapshot follows if one was asked for.
  bool nothing_missed = false;
  // The last event delivered before. 0: none.
  std::int32_t after_sequence = 0;
};

// Called on the thread of Run, one after the other. Slowness is no harm: the server keeps the
// history.
class Observer {
 public:
  virtual ~Observer() = default;

  // Each event once. Store resume_token together with what the event changed, and pass it to a
  // later Run.
  virtual void OnEvent(const v1::SessionEvent& event, const std::string& resume_token) = 0;
  virtual void OnSnapshot(const v1::Session& session) = 0;
  virtual void OnBookmark(const v1::Bookmark& bookmark, const std::string& resume_token) = 0;
  virtual void OnInterrupted(const Interruption& interruption) = 0;
  virtual void OnResumed(const Resumption& resumption) = 0;
};

struct SubscriberOptions {
  BackoffOptions backoff;
  // Give up when no message has ever come within this time. Absent: never; the server may be
  // started later.
  std::optional<std::chrono::milliseconds> first_message_timeout;
  // For one stream; then the next one resumes.
  std::chrono::milliseconds stream_timeout = kStreamTimeout;
};

// The request that recovers from RESUME_TOKEN_EXPIRED: same scope, from a snapshot that also shows
// what ended since a moment (that of the last event seen; absent: only what is live).
v1::StreamEventsRequest MakeSnapshotRequest(
    v1::StreamEventsRequest request,
    const std::optional<google::protobuf::Timestamp>& ended_since = std::nullopt);

// Thread-safe: every Run is on its own.
class Subscriber {
 public:
  explicit Subscriber(const std::shared_ptr<grpc::Channel>& channel,
                      SubscriberOptions options = {});

  // Blocks. OK: the one session that was asked for has ended, or all was read and
  // stop_when_caught_up was set. CANCELLED: stop was requested. OUT_OF_RANGE with
  // RESUME_TOKEN_EXPIRED (IsResumeTokenExpired): take a snapshot. Other errors are those of
  // StreamEvents that trying again does not cure; UNAVAILABLE only by first_message_timeout.
  absl::Status Run(const v1::StreamEventsRequest& request, Observer& observer,
                   std::stop_token stop);

 private:
  std::unique_ptr<v1::BridgeService::Stub> stub_;
  SubscriberOptions options_;
};

}  // namespace callbridge::client
