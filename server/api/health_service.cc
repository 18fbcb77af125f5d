#include "server/api/health_service.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "server/api/errors.h"
#include "server/api/grpc_edge.h"
#include "server/api/refused.h"
#include "server/base/limits.h"
#include "server/base/time.h"

namespace callbridge::api {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// One open Watch. It writes when the answer has changed since its last write.
class HealthWatch final : public grpc::ServerWriteReactor<HealthCheckResponse>,
                          public std::enable_shared_from_this<HealthWatch> {
 public:
  using Status = HealthCheckResponse::ServingStatus;

  HealthWatch(std::string service, std::function<void(const HealthWatch*)> forget)
      : service_(std::move(service)), forget_(std::move(forget)) {}

  const std::string& service() const { return service_; }

  void Tell(Status status) {
    absl::MutexLock lock(&mutex_);
    wanted_ = status;
    Advance();
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    ended_ = ended_ || !ok;
    Advance();
  }

  void OnCancel() override {
    absl::MutexLock lock(&mutex_);
    ended_ = true;
    Advance();
  }

  void OnDone() override {
    // forget may drop the last other reference.
    const std::shared_ptr<HealthWatch> self = shared_from_this();
    forget_(this);
  }

 private:
  void Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (finished_) {
      return;
    }
    if (ended_) {
      finished_ = true;
      Finish(CallerGone());
    } else if (!writing_ && wanted_ != told_) {
      told_ = wanted_;
      response_.set_status(*wanted_);
      writing_ = true;
      StartWrite(&response_);
    }
  }

  const std::string service_;
  const std::function<void(const HealthWatch*)> forget_;
  absl::Mutex mutex_;
  std::optional<Status> wanted_ ABSL_GUARDED_BY(mutex_);
  std::optional<Status> told_ ABSL_GUARDED_BY(mutex_);
  // gRPC uses the response while writing_ is true.
  HealthCheckResponse response_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

namespace {

HealthCheckResponse::ServingStatus StatusOf(Health::Answer answer) {
  switch (answer) {
    case Health::Answer::kServing:
      return HealthCheckResponse::SERVING;
    case Health::Answer::kNotServing:
      return HealthCheckResponse::NOT_SERVING;
    case Health::Answer::kUnknownService:
      return HealthCheckResponse::SERVICE_UNKNOWN;
  }
  return HealthCheckResponse::UNKNOWN;
}

// Waits for up to `longest`, and returns early when the thread is to stop. Unlike the waits of
// absl::Mutex, this wait uses the steady clock and ends with the thread.
void Pause(const std::stop_token& stop, base::Duration longest) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock<std::mutex> lock(mutex);
  stopped.wait_for(lock, stop, longest, [] { return false; });
}

}  // namespace

HealthService::HealthService(Health& health)
    : health_(health),
      asker_([this](const std::stop_token& stop) { AskStore(stop); }),
      teller_([this](const std::stop_token& stop) { TellWatches(stop); }) {}

HealthService::~HealthService() {
  asker_.request_stop();
  teller_.request_stop();
  asker_.join();
  teller_.join();
}

grpc::ServerUnaryReactor* HealthService::Check(grpc::CallbackServerContext* context,
                                               const HealthCheckRequest* request,
                                               HealthCheckResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const Health::Answer answer = health_.Of(request->service());
  if (answer == Health::Answer::kUnknownService) {
    // The health protocol prescribes this code for an unknown service.
    reactor->Finish({grpc::StatusCode::NOT_FOUND, "service name unknown"});
    return reactor;
  }
  response->set_status(StatusOf(answer));
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

grpc::ServerWriteReactor<HealthCheckResponse>* HealthService::Watch(
    grpc::CallbackServerContext* /*context*/, const HealthCheckRequest* request) {
  auto watch = std::make_shared<HealthWatch>(request->service(),
                                             [this](const HealthWatch* done) { Forget(done); });
  {
    absl::MutexLock lock(&mutex_);
    if (watches_.size() >= base::kHealthWatchesMax) {
      return new Refused<grpc::ServerWriteReactor<HealthCheckResponse>>(
          TooManyStreams(base::kHealthWatchesMax));
    }
    watches_.push_back(watch);
  }
  watch->Tell(StatusOf(health_.Of(watch->service())));
  return watch.get();
}

void HealthService::AskStore(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    health_.AskStore();
    Pause(stop, base::kHealthInterval);
  }
}

void HealthService::TellWatches(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    Pause(stop, base::kStreamTick);
    std::vector<std::shared_ptr<HealthWatch>> watches;
    {
      absl::MutexLock lock(&mutex_);
      watches = watches_;
    }
    for (const std::shared_ptr<HealthWatch>& watch : watches) {
      watch->Tell(StatusOf(health_.Of(watch->service())));
    }
  }
}

void HealthService::Forget(const HealthWatch* watch) {
  absl::MutexLock lock(&mutex_);
  std::erase_if(watches_, [watch](const auto& open) { return open.get() == watch; });
}

}  // namespace callbridge::api
