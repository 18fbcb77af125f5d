#include "server/api/event_cursor.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "server/api/errors.h"
#include "server/base/limits.h"
#include "server/flow/public_view.h"

namespace callbridge::api {

using Start = StreamWish::Start;

EventCursor::EventCursor(store::Roles<store::History, store::Sessions> store, StreamWish wish,
                         base::Time now)
    : history_(store.get<store::History>()),
      sessions_(store.get<store::Sessions>()),
      wish_(std::move(wish)),
      last_message_time_(now) {
  place_.kind = is_all() ? ResumeToken::Kind::kAll : ResumeToken::Kind::kSession;
  place_.store = StoreDigest(history_.store_id());
  place_.scope = ScopeDigest(wish_.session_id, wish_.labels);
}

EventCursor::Batch EventCursor::Next(base::Time now) {
  Batch batch;
  absl::Status status;
  switch (stage_) {
    case Stage::kOpening:
      status = Open(now, batch);
      break;
    case Stage::kSnapshot:
      status = ReadSnapshots(now, batch);
      break;
    case Stage::kEvents:
      status = is_all() ? ReadAll(batch) : ReadSession(batch);
      if (status.ok() && !batch.end.has_value()) {
        NoteCaughtUp(now, batch);
      }
      break;
  }
  if (!status.ok()) {
    batch.end = status;
    return batch;
  }
  if (batch.messages.empty() && !batch.end.has_value() && HeartbeatDue(now)) {
    batch.messages.push_back(MakeBookmark(v1::Bookmark::KIND_HEARTBEAT, now));
  }
  if (!batch.messages.empty()) {
    last_message_time_ = now;
  }
  return batch;
}

bool EventCursor::HeartbeatDue(base::Time now) const {
  return stage_ == Stage::kEvents && now - last_message_time_ >= wish_.bookmark_interval;
}

std::optional<v1::StreamEventsResponse> EventCursor::Closing(
    base::Time now, std::optional<base::Duration> delay) const {
  if (stage_ == Stage::kOpening) {
    return std::nullopt;
  }
  v1::StreamEventsResponse message = MakeBookmark(v1::Bookmark::KIND_CLOSING, now);
  if (delay.has_value()) {
    *message.mutable_bookmark()->mutable_reconnect_delay() = base::ToProtoDuration(*delay);
  }
  return message;
}

absl::Status EventCursor::Open(base::Time now, Batch& batch) {
  if (IsOfAnotherStore()) {
    return Expired();
  }
  return is_all() ? OpenAll() : OpenSession(now, batch);
}

absl::Status EventCursor::OpenSession(base::Time now, Batch& batch) {
  const absl::StatusOr<internal::v1::Session> session = sessions_.GetSession(wish_.session_id);
  if (absl::IsNotFound(session.status())) {
    return wish_.start == Start::kToken ? Expired() : SessionNotFound(wish_.session_id);
  }
  if (!session.ok()) {
    return session.status();
  }
  target_sequence_ = session->sequence();
  stage_ = Stage::kEvents;
  switch (wish_.start) {
    case Start::kSnapshot:
      place_.sequence = session->sequence();
      *batch.messages.emplace_back().mutable_snapshot() = flow::PublicView(*session);
      batch.messages.push_back(MakeBookmark(v1::Bookmark::KIND_SNAPSHOT_COMPLETE, now));
      break;
    case Start::kBeginning:
      place_.sequence = 0;
      break;
    case Start::kNow:
      place_.sequence = session->sequence();
      break;
    case Start::kToken:
      place_.sequence = wish_.token.sequence;
      break;
  }
  if (place_.sequence > session->sequence()) {
    return Expired();
  }
  // What followed SessionEnded is told in streams of all sessions only.
  if (session->has_ended() && place_.sequence >= flow::EndedSequence(*session)) {
    batch.end = absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status EventCursor::OpenAll() {
  // The end is read before the sessions, so that a change in between comes again as an event and is
  // never missed.
  const absl::StatusOr<store::FeedPosition> end = history_.FeedEnd();
  if (!end.ok()) {
    return end.status();
  }
  target_ = *end;
  place_.position = *end;
  stage_ = Stage::kEvents;
  switch (wish_.start) {
    case Start::kSnapshot:
      place_.kind = ResumeToken::Kind::kAllInSnapshot;
      place_.ended_since = wish_.ended_since;
      stage_ = Stage::kSnapshot;
      return absl::OkStatus();
    case Start::kBeginning: {
      const absl::StatusOr<store::FeedPosition> beginning = history_.FeedBeginning();
      if (!beginning.ok()) {
        return beginning.status();
      }
      place_.position = *beginning;
      return absl::OkStatus();
    }
    case Start::kNow:
      return absl::OkStatus();
    case Start::kToken:
      place_.kind = wish_.token.kind;
      place_.position = wish_.token.position;
      place_.snapshot_place = wish_.token.snapshot_place;
      place_.ended_since = wish_.ended_since;
      if (place_.kind == ResumeToken::Kind::kAllInSnapshot) {
        stage_ = Stage::kSnapshot;
      }
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status EventCursor::ReadSnapshots(base::Time now, Batch& batch) {
  const absl::StatusOr<store::SessionPage> page = sessions_.SnapshotSessions(
      wish_.labels, wish_.ended_since, place_.snapshot_place, base::kSnapshotBatchMax);
  if (!page.ok()) {
    return page.status();
  }
  for (const internal::v1::Session& session : page->sessions) {
    *batch.messages.emplace_back().mutable_snapshot() = flow::PublicView(session);
  }
  place_.snapshot_place = page->next_place;
  if (place_.snapshot_place.empty()) {
    place_.kind = ResumeToken::Kind::kAll;
    stage_ = Stage::kEvents;
    batch.messages.push_back(MakeBookmark(v1::Bookmark::KIND_SNAPSHOT_COMPLETE, now));
  }
  return absl::OkStatus();
}

absl::Status EventCursor::ReadSession(Batch& batch) {
  const absl::StatusOr<std::vector<v1::SessionEvent>> events =
      history_.ReadEvents(wish_.session_id, place_.sequence, base::kStreamBatchMax);
  if (absl::IsNotFound(events.status())) {
    return Expired();
  }
  if (!events.ok()) {
    return events.status();
  }
  for (const v1::SessionEvent& event : *events) {
    place_.sequence = event.sequence();
    last_record_time_ = base::FromTimestamp(event.record_time());
    if (Passes(event)) {
      AddEvent(event, batch);
    }
    if (event.has_session_ended()) {
      batch.end = absl::OkStatus();
      break;
    }
  }
  drained_ = events->size() < static_cast<std::size_t>(base::kStreamBatchMax);
  return absl::OkStatus();
}

absl::Status EventCursor::ReadAll(Batch& batch) {
  const absl::StatusOr<std::vector<store::FeedEntry>> entries =
      history_.ReadFeed(place_.position, base::kStreamBatchMax);
  if (absl::IsOutOfRange(entries.status())) {
    return Expired();
  }
  if (!entries.ok()) {
    return entries.status();
  }
  for (const store::FeedEntry& entry : *entries) {
    place_.position.at(static_cast<std::size_t>(entry.shard)) = entry.position;
    last_record_time_ = base::FromTimestamp(entry.event.record_time());
    if (Passes(entry.event)) {
      AddEvent(entry.event, batch);
    }
  }
  drained_ = entries->size() < static_cast<std::size_t>(base::kStreamBatchMax);
  return absl::OkStatus();
}

void EventCursor::NoteCaughtUp(base::Time now, Batch& batch) {
  batch.drained = drained_;
  const bool stops = wish_.stop_when_caught_up && ReachedTarget();
  if (!told_caught_up_ && (drained_ || stops)) {
    told_caught_up_ = true;
    batch.messages.push_back(MakeBookmark(v1::Bookmark::KIND_CAUGHT_UP, now));
  }
  if (stops) {
    batch.end = absl::OkStatus();
  }
}

bool EventCursor::ReachedTarget() const {
  if (!is_all()) {
    return place_.sequence >= target_sequence_;
  }
  return std::equal(place_.position.begin(), place_.position.end(), target_.begin(),
                    [](std::int64_t reached, std::int64_t target) { return reached >= target; });
}

bool EventCursor::Passes(const v1::SessionEvent& event) const {
  return event.detail() <= wish_.detail &&
         std::all_of(wish_.labels.begin(), wish_.labels.end(), [&event](const auto& label) {
           const auto found = event.labels().find(label.first);
           return found != event.labels().end() && found->second == label.second;
         });
}

bool EventCursor::IsOfAnotherStore() const {
  return wish_.start == Start::kToken && wish_.token.store != place_.store;
}

absl::Status EventCursor::Expired() const {
  std::optional<base::Time> oldest_time;
  const absl::StatusOr<store::FeedPosition> beginning = history_.FeedBeginning();
  if (beginning.ok()) {
    const absl::StatusOr<std::vector<store::FeedEntry>> oldest = history_.ReadFeed(*beginning, 1);
    if (oldest.ok() && !oldest->empty()) {
      oldest_time = base::FromTimestamp(oldest->front().event.record_time());
    }
  }
  return ResumeTokenExpired(oldest_time, IsOfAnotherStore());
}

std::string EventCursor::Token() const { return EncodeResumeToken(place_); }

void EventCursor::AddEvent(const v1::SessionEvent& event, Batch& batch) const {
  v1::StreamEventsResponse& message = batch.messages.emplace_back();
  *message.mutable_event() = event;
  if (wish_.detail > v1::SessionEvent::DETAIL_NORMAL) {
    message.set_previous_sequence(event.sequence() - 1);
  } else if (event.has_previous()) {
    message.set_previous_sequence(wish_.detail == v1::SessionEvent::DETAIL_NORMAL
                                      ? event.previous().normal()
                                      : event.previous().milestone());
  }
  message.set_resume_token(Token());
}

v1::StreamEventsResponse EventCursor::MakeBookmark(v1::Bookmark::Kind kind, base::Time now) const {
  v1::StreamEventsResponse message;
  message.mutable_bookmark()->set_kind(kind);
  const bool behind = !drained_ && last_record_time_.has_value();
  *message.mutable_bookmark()->mutable_lag() = base::ToProtoDuration(
      behind ? std::max(base::Duration::zero(), now - *last_record_time_) : base::Duration::zero());
  message.set_resume_token(Token());
  return message;
}

}  // namespace callbridge::api
