#include "tests/cli/fake_service.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <string>

#include "server/base/check.h"

namespace callbridge::client {

FakeService::FakeService() {
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(static_cast<v1::BridgeService::Service*>(this));
  builder.RegisterService(static_cast<internal::v1::InboxService::Service*>(this));
  server_ = builder.BuildAndStart();
  base::Check(server_ != nullptr, "a free port on loopback");
  address_ = "127.0.0.1:" + std::to_string(port);
  channel_ = Connect({address_, std::nullopt});
}

FakeService::~FakeService() {
  {
    absl::MutexLock lock(&mutex_);
    released_ = true;
  }
  server_->Shutdown(std::chrono::system_clock::now());
}

void FakeService::AddStream(StreamScript script) {
  absl::MutexLock lock(&mutex_);
  scripts_.push_back(std::move(script));
}

void FakeService::AddFailure(grpc::Status status) {
  absl::MutexLock lock(&mutex_);
  failures_.push_back(std::move(status));
}

void FakeService::SetSession(const v1::Session& session) {
  absl::MutexLock lock(&mutex_);
  session_ = session;
}

void FakeService::SetStatus(const internal::v1::GetStatusResponse& status) {
  absl::MutexLock lock(&mutex_);
  status_ = status;
}

void FakeService::SetListed(std::vector<v1::Session> sessions) {
  absl::MutexLock lock(&mutex_);
  listed_ = std::move(sessions);
}

void FakeService::AddQuarantined(const internal::v1::Quarantined& item) {
  absl::MutexLock lock(&mutex_);
  quarantined_.push_back(item);
}

std::vector<v1::StreamEventsRequest> FakeService::stream_requests() const {
  absl::MutexLock lock(&mutex_);
  return stream_requests_;
}

std::vector<v1::StartBridgeRequest> FakeService::start_requests() const {
  absl::MutexLock lock(&mutex_);
  return start_requests_;
}

std::vector<std::chrono::milliseconds> FakeService::deadlines() const {
  absl::MutexLock lock(&mutex_);
  return deadlines_;
}

grpc::Status FakeService::NextAnswer(const grpc::ServerContext& context) {
  absl::MutexLock lock(&mutex_);
  deadlines_.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(
      context.deadline() - std::chrono::system_clock::now()));
  if (failures_.empty()) return grpc::Status::OK;
  const grpc::Status status = failures_.front();
  failures_.pop_front();
  return status;
}

grpc::Status FakeService::StartBridge(grpc::ServerContext* context,
                                      const v1::StartBridgeRequest* request,
                                      v1::StartBridgeResponse* response) {
  const grpc::Status status = NextAnswer(*context);
  absl::MutexLock lock(&mutex_);
  for (const v1::StartBridgeRequest& known : start_requests_) {
    if (known.request_id() == request->request_id()) response->set_replayed(true);
  }
  start_requests_.push_back(*request);
  *response->mutable_session() = session_;
  return status;
}

grpc::Status FakeService::GetSession(grpc::ServerContext* context, const v1::GetSessionRequest*,
                                     v1::GetSessionResponse* response) {
  const grpc::Status status = NextAnswer(*context);
  absl::MutexLock lock(&mutex_);
  *response->mutable_session() = session_;
  return status;
}

grpc::Status FakeService::ListSessions(grpc::ServerContext* context,
                                       const v1::ListSessionsRequest* request,
                                       v1::ListSessionsResponse* response) {
  const grpc::Status status = NextAnswer(*context);
  absl::MutexLock lock(&mutex_);
  const std::vector<v1::Session> listed = listed_.empty() ? std::vector(3, session_) : listed_;
  const std::size_t page = request->page_token().empty() ? 1 : std::stoul(request->page_token());
  *response->add_sessions() = listed[page - 1];
  if (page < listed.size()) response->set_next_page_token(std::to_string(page + 1));
  return status;
}

grpc::Status FakeService::EndSession(grpc::ServerContext* context, const v1::EndSessionRequest*,
                                     v1::EndSessionResponse* response) {
  const grpc::Status status = NextAnswer(*context);
  absl::MutexLock lock(&mutex_);
  *response->mutable_session() = session_;
  return status;
}

template <typename Request, typename Response>
grpc::Status FakeService::Change(const grpc::ServerContext& context, const Request& request,
                                 std::vector<Request> FakeService::*requests, Response& response) {
  const grpc::Status status = NextAnswer(context);
  absl::MutexLock lock(&mutex_);
  (this->*requests).push_back(request);
  *response.mutable_session() = session_;
  return status;
}

grpc::Status FakeService::UpdateLeg(grpc::ServerContext* context,
                                    const v1::UpdateLegRequest* request,
                                    v1::UpdateLegResponse* response) {
  return Change(*context, *request, &FakeService::update_requests_, *response);
}

std::vector<v1::UpdateLegRequest> FakeService::update_requests() const {
  absl::MutexLock lock(&mutex_);
  return update_requests_;
}

grpc::Status FakeService::PlayPrompt(grpc::ServerContext* context,
                                     const v1::PlayPromptRequest* request,
                                     v1::PlayPromptResponse* response) {
  return Change(*context, *request, &FakeService::play_requests_, *response);
}

std::vector<v1::PlayPromptRequest> FakeService::play_requests() const {
  absl::MutexLock lock(&mutex_);
  return play_requests_;
}

grpc::Status FakeService::StopSounds(grpc::ServerContext* context,
                                     const v1::StopSoundsRequest* request,
                                     v1::StopSoundsResponse* response) {
  return Change(*context, *request, &FakeService::stop_requests_, *response);
}

std::vector<v1::StopSoundsRequest> FakeService::stop_requests() const {
  absl::MutexLock lock(&mutex_);
  return stop_requests_;
}

grpc::Status FakeService::SendDigits(grpc::ServerContext* context,
                                     const v1::SendDigitsRequest* request,
                                     v1::SendDigitsResponse* response) {
  return Change(*context, *request, &FakeService::send_requests_, *response);
}

std::vector<v1::SendDigitsRequest> FakeService::send_requests() const {
  absl::MutexLock lock(&mutex_);
  return send_requests_;
}

grpc::Status FakeService::CaptureDigits(grpc::ServerContext* context,
                                        const v1::CaptureDigitsRequest* request,
                                        v1::CaptureDigitsResponse* response) {
  return Change(*context, *request, &FakeService::capture_requests_, *response);
}

std::vector<v1::CaptureDigitsRequest> FakeService::capture_requests() const {
  absl::MutexLock lock(&mutex_);
  return capture_requests_;
}

grpc::Status FakeService::StartRecording(grpc::ServerContext* context,
                                         const v1::StartRecordingRequest* request,
                                         v1::StartRecordingResponse* response) {
  return Change(*context, *request, &FakeService::record_requests_, *response);
}

std::vector<v1::StartRecordingRequest> FakeService::record_requests() const {
  absl::MutexLock lock(&mutex_);
  return record_requests_;
}

grpc::Status FakeService::StopRecording(grpc::ServerContext* context,
                                        const v1::StopRecordingRequest* request,
                                        v1::StopRecordingResponse* response) {
  return Change(*context, *request, &FakeService::stop_recording_requests_, *response);
}

std::vector<v1::StopRecordingRequest> FakeService::stop_recording_requests() const {
  absl::MutexLock lock(&mutex_);
  return stop_recording_requests_;
}

grpc::Status FakeService::ListRecordings(grpc::ServerContext* context,
                                         const v1::ListRecordingsRequest* request,
                                         v1::ListRecordingsResponse* response) {
  const grpc::Status status = NextAnswer(*context);
  absl::MutexLock lock(&mutex_);
  recordings_requests_.push_back(*request);
  const int page = request->page_token().empty() ? 1 : std::stoi(request->page_token());
  if (page <= session_.recordings_size()) {
    *response->add_recordings() = session_.recordings(page - 1);
  }
  if (page < session_.recordings_size()) {
    response->set_next_page_token(std::to_string(page + 1));
  }
  return status;
}

std::vector<v1::ListRecordingsRequest> FakeService::recordings_requests() const {
  absl::MutexLock lock(&mutex_);
  return recordings_requests_;
}

grpc::Status FakeService::StreamEvents(grpc::ServerContext*, const v1::StreamEventsRequest* request,
                                       grpc::ServerWriter<v1::StreamEventsResponse>* writer) {
  StreamScript script;
  {
    absl::MutexLock lock(&mutex_);
    stream_requests_.push_back(*request);
    if (scripts_.empty()) return {grpc::StatusCode::INTERNAL, "the test has no further script"};
    script = std::move(scripts_.front());
    scripts_.pop_front();
  }
  for (const v1::StreamEventsResponse& message : script.messages) {
    if (!writer->Write(message)) return grpc::Status::CANCELLED;
  }
  if (script.hold) {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&released_));
  }
  return script.status;
}

// Pages of two, newest first; ids from 1.
grpc::Status FakeService::ListQuarantine(grpc::ServerContext* context,
                                         const internal::v1::ListQuarantineRequest* request,
                                         internal::v1::ListQuarantineResponse* response) {
  const grpc::Status status = NextAnswer(*context);
  absl::MutexLock lock(&mutex_);
  auto id = static_cast<std::int64_t>(quarantined_.size());
  response->set_total(id);
  if (!request->page_token().empty()) id = std::stoll(request->page_token());
  while (id > 0 && response->items_size() < std::min(2, request->page_size())) {
    internal::v1::Quarantined& item = *response->add_items();
    item = quarantined_[static_cast<std::size_t>(id - 1)];
    item.set_id(id--);
  }
  if (id > 0) response->set_next_page_token(std::to_string(id));
  return status;
}

// Even ids are readable.
grpc::Status FakeService::ReplayQuarantined(grpc::ServerContext* context,
                                            const internal::v1::ReplayQuarantinedRequest* request,
                                            internal::v1::ReplayQuarantinedResponse* response) {
  for (const std::int64_t id : request->ids()) {
    if (id % 2 == 0) {
      response->set_replayed(response->replayed() + 1);
    } else {
      response->add_unreadable_ids(id);
    }
  }
  return NextAnswer(*context);
}

grpc::Status FakeService::DismissQuarantined(grpc::ServerContext* context,
                                             const internal::v1::DismissQuarantinedRequest* request,
                                             internal::v1::DismissQuarantinedResponse* response) {
  response->set_dismissed(request->ids_size());
  return NextAnswer(*context);
}

grpc::Status FakeService::GetStatus(grpc::ServerContext* context,
                                    const internal::v1::GetStatusRequest*,
                                    internal::v1::GetStatusResponse* response) {
  const grpc::Status status = NextAnswer(*context);
  absl::MutexLock lock(&mutex_);
  *response = status_;
  return status;
}

v1::StreamEventsResponse EventMessage(int sequence) {
  v1::StreamEventsResponse message;
  message.set_resume_token("token-" + std::to_string(sequence));
  v1::SessionEvent& event = *message.mutable_event();
  event.set_event_id("s_1/" + std::to_string(sequence));
  event.set_session_id("s_1");
  event.set_sequence(sequence);
  event.set_state(v1::Session::STATE_RINGING);
  event.mutable_record_time()->set_seconds(1000 + sequence);
  event.mutable_leg_ringing()->set_leg_id("callee-1");
  return message;
}

v1::StreamEventsResponse EndedMessage(int sequence, v1::Outcome::Result result) {
  v1::StreamEventsResponse message = EventMessage(sequence);
  message.mutable_event()->set_state(v1::Session::STATE_ENDED);
  v1::Session& session = *message.mutable_event()->mutable_session_ended()->mutable_session();
  session.set_session_id("s_1");
  session.mutable_outcome()->set_result(result);
  session.mutable_outcome()->set_summary("It is over.");
  return message;
}

v1::StreamEventsResponse BookmarkMessage(v1::Bookmark::Kind kind, const std::string& token) {
  v1::StreamEventsResponse message;
  message.set_resume_token(token);
  message.mutable_bookmark()->set_kind(kind);
  return message;
}

}  // namespace callbridge::client
