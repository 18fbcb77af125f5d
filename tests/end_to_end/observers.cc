#include "tests/end_to_end/observers.h"

#include <absl/time/time.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "server/base/clock.h"

namespace callbridge::end_to_end {
namespace {

// Between two streams, and between two looks at what was heard: far below every deadline of the
// flow.
constexpr absl::Duration kPause = absl::Milliseconds(50);
constexpr std::chrono::seconds kLookLimit{2};
constexpr std::chrono::seconds kFinishLimit{40};
constexpr int kFinishStreamsMax = 20;

// Ends early when stop is requested.
void Pause(const std::stop_token& stop) {
  absl::Mutex mutex;
  const std::stop_callback wake(stop, [&] { const absl::MutexLock lock(&mutex); });
  absl::MutexLock lock(&mutex);
  const auto stopped = [&] { return stop.stop_requested(); };
  mutex.AwaitWithTimeout(absl::Condition(&stopped), kPause);
}

}  // namespace

base::Time Now() { return base::ProcessClock().Now(); }

EventReader::EventReader(v1::BridgeService::Stub& stub, history::Reader scope, Heard heard)
    : stub_(stub), heard_(std::move(heard)), read_(std::move(scope)) {
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

EventReader::~EventReader() { Stop(); }

void EventReader::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void EventReader::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    ReadStream(stop, false);
    Pause(stop);
  }
}

bool EventReader::ReadStream(const std::stop_token& stop, bool until_caught_up) {
  v1::StreamEventsRequest request;
  request.mutable_labels()->insert(read_.labels.begin(), read_.labels.end());
  request.set_detail(read_.detail);
  request.set_stop_when_caught_up(until_caught_up);
  if (token_.empty()) {
    request.set_position(v1::START_POSITION_BEGINNING);
  } else {
    request.set_resume_token(token_);
  }
  grpc::ClientContext context;
  if (until_caught_up) context.set_deadline(std::chrono::system_clock::now() + kFinishLimit);
  const std::stop_callback cancel(stop, [&] { context.TryCancel(); });
  const auto reader = stub_.StreamEvents(&context, request);
  v1::StreamEventsResponse response;
  while (reader->Read(&response)) {
    if (!response.resume_token().empty()) token_ = response.resume_token();
    if (!response.has_event()) continue;
    read_.events.push_back(response.event());
    if (heard_) heard_(response.event());
  }
  return reader->Finish().ok();
}

history::Reader EventReader::Finish() {
  Stop();
  bool caught_up = false;
  for (int i = 0; i < kFinishStreamsMax && !caught_up; ++i) {
    caught_up = ReadStream(std::stop_token(), true);
  }
  EXPECT_TRUE(caught_up) << "reader " << read_.name << " cannot read the history to its end";
  return std::move(read_);
}

SessionAsker::SessionAsker(v1::BridgeService::Stub& stub) : stub_(stub) {
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

SessionAsker::~SessionAsker() {
  if (thread_.joinable()) Finish();
}

void SessionAsker::Hear(const v1::SessionEvent& event) {
  absl::MutexLock lock(&mutex_);
  std::int32_t& sequence = heard_[event.session_id()];
  sequence = std::max(sequence, event.sequence());
}

void SessionAsker::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::map<std::string, std::int32_t> heard;
    {
      absl::MutexLock lock(&mutex_);
      heard.swap(heard_);
    }
    for (const auto& [session_id, sequence] : heard) {
      if (!stop.stop_requested()) looks_.push_back(LookAt(stub_, session_id, sequence));
    }
    Pause(stop);
  }
}

std::vector<history::SessionLook> SessionAsker::Finish() {
  thread_.request_stop();
  thread_.join();
  return std::move(looks_);
}

history::SessionLook LookAt(v1::BridgeService::Stub& stub, const std::string& session_id,
                            std::int32_t seen_sequence) {
  history::SessionLook look;
  look.asked = Now();
  look.session_id = session_id;
  look.seen_sequence = seen_sequence;
  v1::GetSessionRequest request;
  request.set_session_id(session_id);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kLookLimit);
  v1::GetSessionResponse response;
  const grpc::Status status = stub.GetSession(&context, request, &response);
  if (status.ok()) {
    look.result = history::SessionLook::Result::kFound;
    look.session = response.session();
  } else if (status.error_code() == grpc::StatusCode::NOT_FOUND) {
    look.result = history::SessionLook::Result::kNotFound;
  }
  return look;
}

}  // namespace callbridge::end_to_end
