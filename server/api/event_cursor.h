// One reader's place in the stored history. Each call of Next gives the next messages of
// StreamEvents. It holds a position and no events, so that a slow reader needs no memory. It blocks
// on the store, and does not depend on threads or gRPC.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "callbridge/v1/bridge_service.pb.h"
#include "server/api/resume_token.h"
#include "server/api/stream_request.h"
#include "server/base/time.h"
#include "server/store/history.h"
#include "server/store/roles.h"
#include "server/store/sessions.h"

namespace callbridge::api {

// Not thread-safe. The store must outlive it.
class EventCursor {
 public:
  EventCursor(store::Roles<store::History, store::Sessions> store, StreamWish wish, base::Time now);

  struct Batch {
    std::vector<v1::StreamEventsResponse> messages;
    // True if all stored events were read. False means that the caller should call Next again at
    // once.
    bool drained = false;
    // The status with which the stream ends after these messages.
    std::optional<absl::Status> end;
  };

  // Returns the next messages, up to one batch of the store, or a heartbeat if no other message was
  // sent for the interval.
  Batch Next(base::Time now);
  // True if Next would give a heartbeat even if the store has not changed.
  bool HeartbeatDue(base::Time now) const;
  // Returns the last message of a stream that the server ends. Absent means that no event was read
  // yet, so the reader has no position.
  std::optional<v1::StreamEventsResponse> Closing(base::Time now,
                                                  std::optional<base::Duration> delay) const;

 private:
  enum class Stage { kOpening, kSnapshot, kEvents };

  absl::Status Open(base::Time now, Batch& batch);
  absl::Status OpenSession(base::Time now, Batch& batch);
  absl::Status OpenAll();
  absl::Status ReadSnapshots(base::Time now, Batch& batch);
  absl::Status ReadSession(Batch& batch);
  absl::Status ReadAll(Batch& batch);
  // Called after each read of events. It reports CAUGHT_UP once, and ends a stream that was to stop
  // there.
  void NoteCaughtUp(base::Time now, Batch& batch);
  bool Passes(const v1::SessionEvent& event) const;
  bool ReachedTarget() const;
  bool is_all() const { return wish_.session_id.empty(); }
  // True if the token from which the stream was to continue belongs to another store.
  bool IsOfAnotherStore() const;
  absl::Status Expired() const;

  std::string Token() const;
  void AddEvent(const v1::SessionEvent& event, Batch& batch) const;
  v1::StreamEventsResponse MakeBookmark(v1::Bookmark::Kind kind, base::Time now) const;

  store::History& history_;
  store::Sessions& sessions_;
  const StreamWish wish_;
  Stage stage_ = Stage::kOpening;
  // The position of what was read last. Its digests are set once.
  ResumeToken place_;
  // The end of the feed when the stream began, for stop_when_caught_up.
  store::FeedPosition target_{};
  std::int32_t target_sequence_ = 0;
  base::Time last_message_time_;
  // The record time of the last event that was read, even if it was not sent.
  std::optional<base::Time> last_record_time_;
  bool drained_ = false;
  bool told_caught_up_ = false;
};

}  // namespace callbridge::api
