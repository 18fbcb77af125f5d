#include "callbridge/subscriber.h"

#include <algorithm>
#include <random>
#include <utility>

#include "callbridge/error_details.h"
#include "callbridge/event_stream.h"
#include "callbridge/seen_events.h"

namespace callbridge::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

milliseconds ToMilliseconds(const google::protobuf::Duration& duration) {
  return std::chrono::seconds(duration.seconds()) + milliseconds(duration.nanos() / 1'000'000);
}

milliseconds SilenceMax(const v1::StreamEventsRequest& request) {
  const milliseconds interval = request.has_bookmark_interval()
                                    ? ToMilliseconds(request.bookmark_interval())
                                    : milliseconds(kBookmarkInterval);
  return interval * kSilentIntervalsMax;
}

// Carries out one call of Run, over all its streams.
class Subscription {
 public:
  Subscription(v1::BridgeService::Stub& stub, const SubscriberOptions& options,
               const v1::StreamEventsRequest& request, Observer& observer, std::stop_token stop)
      : stub_(stub),
        options_(options),
        request_(request),
        observer_(observer),
        stop_(std::move(stop)),
        backoff_(options.backoff, std::random_device{}()) {}

  absl::Status Follow() {
    while (!stop_.stop_requested()) {
      const absl::Status status = FollowOneStream();
      if (stop_.stop_requested()) break;
      if (IsOver(status) || !MayResume(status)) return IsOver(status) ? absl::OkStatus() : status;
      const milliseconds delay = NextDelay(status);
      if (IsTooLate(delay)) return status;
      observer_.OnInterrupted({status, closing_, ++attempt_, delay});
      closing_ = false;
      WaitFor(delay, stop_);
    }
    return absl::CancelledError("the subscription was stopped, as asked");
  }

 private:
  absl::Status FollowOneStream() {
    const milliseconds silence_max = SilenceMax(request_);
    milliseconds first_silence_max = silence_max;
    if (!heard_ && options_.first_message_timeout.has_value()) {
      first_silence_max = std::min(silence_max, *options_.first_message_timeout);
    }
    EventStream stream(stub_, request_, {first_silence_max, silence_max, options_.stream_timeout});
    std::stop_callback on_stop(stop_, [&] { stream.Cancel(); });
    v1::StreamEventsResponse message;
    while (!stop_.stop_requested() && stream.Read(message)) Take(message);
    return ToAbslStatus(stream.Finish());
  }

  void Take(const v1::StreamEventsResponse& message) {
    if (attempt_ > 0) {
      const bool from_beginning = request_.position() == v1::START_POSITION_BEGINNING;
      observer_.OnResumed({request_.has_resume_token() || from_beginning, last_sequence_});
    }
    attempt_ = 0;
    heard_ = true;
    backoff_.Reset();
    switch (message.item_case()) {
      case v1::StreamEventsResponse::kEvent:
        TakeEvent(message.event(), message.resume_token());
        break;
      case v1::StreamEventsResponse::kSnapshot:
        observer_.OnSnapshot(message.snapshot());
        break;
      case v1::StreamEventsResponse::kBookmark:
        TakeBookmark(message.bookmark(), message.resume_token());
        break;
      case v1::StreamEventsResponse::ITEM_NOT_SET:
        // A message of a newer server may have an unknown kind, but its token counts.
        break;
    }
    // The token is stored only after the observer has seen the message. So the next stream sends
    // again what the observer has not seen.
    if (!message.resume_token().empty()) request_.set_resume_token(message.resume_token());
  }

  void TakeEvent(const v1::SessionEvent& event, const std::string& resume_token) {
    if (!seen_.Take(event.session_id(), event.sequence())) return;
    observer_.OnEvent(event, resume_token);
    last_sequence_ = event.sequence();
    if (event.has_session_ended() && !request_.session_id().empty()) ended_ = true;
  }

  void TakeBookmark(const v1::Bookmark& bookmark, const std::string& resume_token) {
    if (bookmark.kind() == v1::Bookmark::KIND_CLOSING) {
      closing_ = true;
      closing_delay_ = ToMilliseconds(bookmark.reconnect_delay());
    }
    observer_.OnBookmark(bookmark, resume_token);
  }

  // True if the subscription needs no further stream. A connection that breaks after SessionEnded
  // has lost no event. A stream of all sessions does not end when a server says OK.
  bool IsOver(const absl::Status& status) const {
    if (ended_) return true;
    return status.ok() && (!request_.session_id().empty() || request_.stop_when_caught_up());
  }

  // True if a further stream may succeed. If the server resets a stream, its status cannot pass the
  // messages that the reader has not taken. The stream then ends with INTERNAL, or with CANCELLED
  // although this side did not ask to stop.
  static bool MayResume(const absl::Status& status) {
    if (status.ok() || absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
        absl::IsCancelled(status) || absl::IsInternal(status)) {
      return true;
    }
    const ErrorDetails details = DetailsOf(status);
    return details.retry_delay.has_value() || details.reason == "READER_STALLED";
  }

  // Returns the delay that the server named, if it closed the stream with CLOSING. Otherwise it is
  // that of the backoff, and at least the delay that the error suggests.
  milliseconds NextDelay(const absl::Status& status) {
    if (closing_) return closing_delay_;
    return std::max(backoff_.Next(), DetailsOf(status).retry_delay.value_or(milliseconds(0)));
  }

  bool IsTooLate(milliseconds delay) const {
    return !heard_ && options_.first_message_timeout.has_value() &&
           steady_clock::now() + delay >= start_ + *options_.first_message_timeout;
  }

  v1::BridgeService::Stub& stub_;
  const SubscriberOptions& options_;
  v1::StreamEventsRequest request_;
  Observer& observer_;
  std::stop_token stop_;
  Backoff backoff_;
  SeenEvents seen_;
  const steady_clock::time_point start_ = steady_clock::now();
  bool heard_ = false;
  bool ended_ = false;
  bool closing_ = false;
  milliseconds closing_delay_{0};
  int attempt_ = 0;
  std::int32_t last_sequence_ = 0;
};

}  // namespace

v1::StreamEventsRequest MakeSnapshotRequest(
    v1::StreamEventsRequest request,
    const std::optional<google::protobuf::Timestamp>& ended_since) {
  request.set_position(v1::START_POSITION_SNAPSHOT);
  request.clear_ended_since();
  if (ended_since.has_value()) *request.mutable_ended_since() = *ended_since;
  return request;
}

Subscriber::Subscriber(const std::shared_ptr<grpc::Channel>& channel, SubscriberOptions options)
    : stub_(v1::BridgeService::NewStub(channel)), options_(options) {}

absl::Status Subscriber::Run(const v1::StreamEventsRequest& request, Observer& observer,
                             std::stop_token stop) {
  return Subscription(*stub_, options_, request, observer, std::move(stop)).Follow();
}

}  // namespace callbridge::client
