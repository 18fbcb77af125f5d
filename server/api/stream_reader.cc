#include "server/api/stream_reader.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "server/api/errors.h"
#include "server/base/limits.h"

namespace callbridge::api {

StreamReader::StreamReader(store::Roles<store::History, store::Sessions, store::Changes> store,
                           const base::Clock& clock, int streams_max)
    : readable_(store),
      history_(store.get<store::History>()),
      changes_(store.get<store::Changes>()),
      clock_(clock),
      streams_max_(streams_max) {
  listener_ = changes_.AddListener([this] {
    absl::MutexLock lock(&mutex_);
    changed_ = true;
    bell_.Ring();
  });
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

StreamReader::~StreamReader() {
  changes_.RemoveListener(listener_);
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    bell_.Ring();
  }
  thread_.request_stop();
  thread_.join();
}

grpc::ServerWriteReactor<v1::StreamEventsResponse>* StreamReader::Open(
    grpc::CallbackServerContext* context, StreamWish wish) {
  auto stream = std::make_shared<EventStream>(
      context, readable_, std::move(wish), clock_,
      EventStream::Owner{
          .schedule = [this](std::shared_ptr<EventStream> ready) { Schedule(std::move(ready)); },
          .forget = [this](const EventStream* done) { Forget(done); }});
  absl::MutexLock lock(&mutex_);
  if (draining_) {
    return new RefusedEvents(Draining());
  }
  if (streams_.size() >= static_cast<std::size_t>(streams_max_)) {
    return new RefusedEvents(TooManyStreams(streams_max_));
  }
  streams_.push_back(stream);
  open_.Set(static_cast<std::int64_t>(streams_.size()));
  ready_.push_back(stream);
  bell_.Ring();
  return stream.get();
}

void StreamReader::Drain() {
  {
    absl::MutexLock lock(&mutex_);
    draining_ = true;
  }
  for (const std::shared_ptr<EventStream>& stream : OpenStreams()) {
    stream->Close(Draining(), base::kDrainRetryDelay);
    Schedule(stream);
  }
}

bool StreamReader::WaitUntilEmpty(base::Duration longest) {
  absl::MutexLock lock(&mutex_);
  const auto empty = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return streams_.empty(); };
  return bell_.WaitFor(mutex_, longest, empty);
}

int StreamReader::open_streams() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<int>(streams_.size());
}

void StreamReader::Run(const std::stop_token& stop) {
  base::Time last_tick = clock_.Now();
  while (!stop.stop_requested()) {
    bool changed = false;
    Streams ready = TakeReady(stop, changed);
    const base::Time now = clock_.Now();
    const bool ticks = now - last_tick >= base::kStreamTick;
    // The feed is followed before any stream reads, so that no event falls between the two.
    if (changed || ticks || !tail_.has_value()) {
      Streams news = StreamsWithNews();
      std::move(news.begin(), news.end(), std::back_inserter(ready));
    }
    if (ticks) {
      last_tick = now;
      for (const std::shared_ptr<EventStream>& stream : OpenStreams()) {
        if (stream->Tick(now)) {
          ready.push_back(stream);
        }
      }
    }
    for (const std::shared_ptr<EventStream>& stream : ready) {
      stream->ReadOn(now);
    }
  }
}

StreamReader::Streams StreamReader::TakeReady(const std::stop_token& stop, bool& changed) {
  absl::MutexLock lock(&mutex_);
  const auto busy = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !ready_.empty() || (changed_ && !streams_.empty());
  };
  bell_.WaitFor(mutex_, base::kStreamTick, busy);
  if (stop.stop_requested()) {
    return {};
  }
  changed = std::exchange(changed_, false);
  return std::exchange(ready_, {});
}

StreamReader::Streams StreamReader::OpenStreams() const {
  absl::MutexLock lock(&mutex_);
  return streams_;
}

void StreamReader::Schedule(std::shared_ptr<EventStream> stream) {
  absl::MutexLock lock(&mutex_);
  ready_.push_back(std::move(stream));
  bell_.Ring();
}

void StreamReader::Forget(const EventStream* stream) {
  absl::MutexLock lock(&mutex_);
  std::erase_if(streams_, [stream](const auto& open) { return open.get() == stream; });
  open_.Set(static_cast<std::int64_t>(streams_.size()));
  bell_.Ring();
}

StreamReader::Streams StreamReader::StreamsWithNews() {
  Streams open = OpenStreams();
  if (open.empty()) {
    tail_.reset();
    return {};
  }
  std::set<std::string> sessions;
  if (FollowFeed(sessions)) {
    std::erase_if(open, [&sessions](const std::shared_ptr<EventStream>& stream) {
      return sessions.empty() ||
             (!stream->session_id().empty() && !sessions.contains(stream->session_id()));
    });
  }
  return open;
}

bool StreamReader::FollowFeed(std::set<std::string>& sessions) {
  if (!tail_.has_value()) {
    const absl::StatusOr<store::FeedPosition> end = history_.FeedEnd();
    if (end.ok()) {
      tail_ = *end;
    }
    return false;
  }
  for (;;) {
    const absl::StatusOr<std::vector<store::FeedEntry>> entries =
        history_.ReadFeed(*tail_, base::kStreamBatchMax);
    if (!entries.ok()) {
      // No stream is told of the error here. Each reads the store itself, finds out what is wrong,
      // and tells its reader.
      tail_.reset();
      return false;
    }
    for (const store::FeedEntry& entry : *entries) {
      tail_->at(static_cast<std::size_t>(entry.shard)) = entry.position;
      sessions.insert(entry.event.session_id());
    }
    if (entries->size() < static_cast<std::size_t>(base::kStreamBatchMax)) {
      return true;
    }
  }
}

}  // namespace callbridge::api
