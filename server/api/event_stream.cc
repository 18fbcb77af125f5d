#include "server/api/event_stream.h"

#include <iterator>
#include <utility>

#include "server/api/errors.h"
#include "server/api/grpc_edge.h"
#include "server/base/limits.h"
#include "server/base/log.h"

namespace callbridge::api {

EventStream::EventStream(grpc::CallbackServerContext* context,
                         store::Roles<store::History, store::Sessions> store, StreamWish wish,
                         const base::Clock& clock, Owner owner)
    : context_(context),
      clock_(clock),
      owner_(std::move(owner)),
      session_id_(wish.session_id),
      open_time_(clock.Now()),
      cursor_(store, std::move(wish), open_time_) {}

void EventStream::ReadOn(base::Time now) {
  std::optional<Closure> closure;
  {
    absl::MutexLock lock(&mutex_);
    if (!WantsMore()) {
      return;
    }
    closure = closure_;
  }
  EventCursor::Batch batch;
  if (closure.has_value()) {
    if (auto closing = cursor_.Closing(now, closure->reconnect_delay); closing.has_value()) {
      batch.messages.push_back(std::move(*closing));
    }
    batch.end = closure->status;
  } else {
    batch = cursor_.Next(now);
  }
  bool again = false;
  {
    absl::MutexLock lock(&mutex_);
    std::move(batch.messages.begin(), batch.messages.end(), std::back_inserter(outbox_));
    end_ = batch.end;
    Advance();
    // While messages are on their way, OnWriteDone asks for more.
    again = WantsMore() && !batch.drained;
  }
  if (again) {
    owner_.schedule(shared_from_this());
  }
}

bool EventStream::Tick(base::Time now) {
  bool stalled = false;
  bool has_something_to_do = false;
  {
    absl::MutexLock lock(&mutex_);
    // The stall must be seen twice. A clock that jumped, on a machine that slept, must not end
    // readers that were about to be served.
    const bool overdue = !finished_ && writing_ && now - write_time_ >= base::kReaderStalled;
    stalled = overdue && seen_overdue_;
    seen_overdue_ = overdue;
    if (stalled) {
      FinishWith(ReaderStalled());
    } else if (!finished_ && !closure_.has_value() && now - open_time_ >= base::kStreamAgeMax) {
      closure_ = Closure{StreamAge(), std::nullopt};
    }
    if (finished_ && !done_ && !reset_ && now - finish_time_ >= base::kStalledGrace) {
      // The status waits behind messages that the reader does not take, so the stream is reset to
      // free the memory.
      reset_ = true;
      context_->TryCancel();
    }
    has_something_to_do = WantsMore() && (closure_.has_value() || cursor_.HeartbeatDue(now));
  }
  if (stalled) {
    base::Log(base::LogLevel::kWarning, "stream_reader_stalled", {{"session", session_id_}});
  }
  return has_something_to_do;
}

void EventStream::Close(const absl::Status& status, std::optional<base::Duration> reconnect_delay) {
  absl::MutexLock lock(&mutex_);
  closure_ = Closure{status, reconnect_delay};
}

void EventStream::OnWriteDone(bool ok) {
  bool wants_more = false;
  {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    outbox_.pop_front();
    cancelled_ = cancelled_ || !ok;
    Advance();
    wants_more = WantsMore();
  }
  if (wants_more) {
    owner_.schedule(shared_from_this());
  }
}

void EventStream::OnCancel() {
  absl::MutexLock lock(&mutex_);
  cancelled_ = true;
  Advance();
}

void EventStream::OnDone() {
  // forget may drop the last other reference.
  const std::shared_ptr<EventStream> self = shared_from_this();
  {
    absl::MutexLock lock(&mutex_);
    done_ = true;
  }
  owner_.forget(this);
}

void EventStream::Advance() {
  if (finished_) {
    return;
  }
  if (cancelled_) {
    // A cancelled stream must be finished as well, or the server's shutdown waits for it.
    FinishWith(absl::CancelledError("The caller has gone."));
  } else if (writing_) {
    return;
  } else if (!outbox_.empty()) {
    writing_ = true;
    write_time_ = clock_.Now();
    seen_overdue_ = false;
    StartWrite(&outbox_.front());
  } else if (end_.has_value()) {
    FinishWith(*end_);
  }
}

void EventStream::FinishWith(const absl::Status& status) {
  finished_ = true;
  finish_time_ = clock_.Now();
  Finish(absl::IsCancelled(status) ? CallerGone() : ToGrpcStatus(status));
}

bool EventStream::WantsMore() const {
  return !finished_ && !cancelled_ && !writing_ && outbox_.empty() && !end_.has_value();
}

}  // namespace callbridge::api
