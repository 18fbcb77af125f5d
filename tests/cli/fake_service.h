// A BridgeService in this process that plays what a test wrote for it: each StreamEvents call the
// next script, each unary call the next answer. It decides nothing.
#pragma once

#include <absl/synchronization/mutex.h>
#include <grpcpp/server.h>

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "callbridge/connection.h"
#include "callbridge/internal/v1/inbox_service.grpc.pb.h"
#include "callbridge/v1/bridge_service.grpc.pb.h"

namespace callbridge::client {

// What one StreamEvents call does.
struct StreamScript {
  std::vector<v1::StreamEventsResponse> messages;
  // After the messages: hold the stream open until the fake is destroyed, instead of ending it.
  bool hold = false;
  grpc::Status status;
};

// Thread-safe.
class FakeService final : public v1::BridgeService::Service,
                          public internal::v1::InboxService::Service {
 public:
  FakeService();
  ~FakeService() override;

  const std::string& address() const { return address_; }
  std::shared_ptr<grpc::Channel> channel() const { return channel_; }

  void AddStream(StreamScript script);
  // The next unary call of any method fails with this.
  void AddFailure(grpc::Status status);
  void SetSession(const v1::Session& session);
  void SetStatus(const internal::v1::GetStatusResponse& status);
  // What ListSessions answers, a session a page. By default the session of SetSession, three times.
  void SetListed(std::vector<v1::Session> sessions);
  void AddQuarantined(const internal::v1::Quarantined& item);

  std::vector<v1::StreamEventsRequest> stream_requests() const;
  std::vector<v1::StartBridgeRequest> start_requests() const;
  std::vector<v1::UpdateLegRequest> update_requests() const;
  std::vector<v1::PlayPromptRequest> play_requests() const;
  std::vector<v1::StopSoundsRequest> stop_requests() const;
  std::vector<v1::SendDigitsRequest> send_requests() const;
  std::vector<v1::CaptureDigitsRequest> capture_requests() const;
  std::vector<v1::StartRecordingRequest> record_requests() const;
  std::vector<v1::StopRecordingRequest> stop_recording_requests() const;
  std::vector<v1::ListRecordingsRequest> recordings_requests() const;
  // Time left of each unary call's deadline when it came in.
  std::vector<std::chrono::milliseconds> deadlines() const;

  grpc::Status StartBridge(grpc::ServerContext* context, const v1::StartBridgeRequest* request,
                           v1::StartBridgeResponse* response) override;
  grpc::Status GetSession(grpc::ServerContext* context, const v1::GetSessionRequest* request,
                          v1::GetSessionResponse* response) override;
  grpc::Status ListSessions(grpc::ServerContext* context, const v1::ListSessionsRequest* request,
                            v1::ListSessionsResponse* response) override;
  grpc::Status EndSession(grpc::ServerContext* context, const v1::EndSessionRequest* request,
                          v1::EndSessionResponse* response) override;
  grpc::Status UpdateLeg(grpc::ServerContext* context, const v1::UpdateLegRequest* request,
                         v1::UpdateLegResponse* response) override;
  grpc::Status PlayPrompt(grpc::ServerContext* context, const v1::PlayPromptRequest* request,
                          v1::PlayPromptResponse* response) override;
  grpc::Status StopSounds(grpc::ServerContext* context, const v1::StopSoundsRequest* request,
                          v1::StopSoundsResponse* response) override;
  grpc::Status SendDigits(grpc::ServerContext* context, const v1::SendDigitsRequest* request,
                          v1::SendDigitsResponse* response) override;
  grpc::Status CaptureDigits(grpc::ServerContext* context, const v1::CaptureDigitsRequest* request,
                             v1::CaptureDigitsResponse* response) override;
  grpc::Status StartRecording(grpc::ServerContext* context,
                              const v1::StartRecordingRequest* request,
                              v1::StartRecordingResponse* response) override;
  grpc::Status StopRecording(grpc::ServerContext* context, const v1::StopRecordingRequest* request,
                             v1::StopRecordingResponse* response) override;
  // The recordings of the session of SetSession, one a page.
  grpc::Status ListRecordings(grpc::ServerContext* context,
                              const v1::ListRecordingsRequest* request,
                              v1::ListRecordingsResponse* response) override;
  grpc::Status StreamEvents(grpc::ServerContext* context, const v1::StreamEventsRequest* request,
                            grpc::ServerWriter<v1::StreamEventsResponse>* writer) override;
  grpc::Status ListQuarantine(grpc::ServerContext* context,
                              const internal::v1::ListQuarantineRequest* request,
                              internal::v1::ListQuarantineResponse* response) override;
  grpc::Status ReplayQuarantined(grpc::ServerContext* context,
                                 const internal::v1::ReplayQuarantinedRequest* request,
                                 internal::v1::ReplayQuarantinedResponse* response) override;
  grpc::Status DismissQuarantined(grpc::ServerContext* context,
                                  const internal::v1::DismissQuarantinedRequest* request,
                                  internal::v1::DismissQuarantinedResponse* response) override;
  grpc::Status GetStatus(grpc::ServerContext* context,
                         const internal::v1::GetStatusRequest* request,
                         internal::v1::GetStatusResponse* response) override;

 private:
  grpc::Status NextAnswer(const grpc::ServerContext& context);
  // Notes the request, and answers with the session.
  template <typename Request, typename Response>
  grpc::Status Change(const grpc::ServerContext& context, const Request& request,
                      std::vector<Request> FakeService::*requests, Response& response);

  mutable absl::Mutex mutex_;
  std::deque<StreamScript> scripts_ ABSL_GUARDED_BY(mutex_);
  std::deque<grpc::Status> failures_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::UpdateLegRequest> update_requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::PlayPromptRequest> play_requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::StopSoundsRequest> stop_requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::SendDigitsRequest> send_requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::CaptureDigitsRequest> capture_requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::StartRecordingRequest> record_requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::StopRecordingRequest> stop_recording_requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::ListRecordingsRequest> recordings_requests_ ABSL_GUARDED_BY(mutex_);
  v1::Session session_ ABSL_GUARDED_BY(mutex_);
  internal::v1::GetStatusResponse status_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::Session> listed_ ABSL_GUARDED_BY(mutex_);
  std::vector<internal::v1::Quarantined> quarantined_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::StreamEventsRequest> stream_requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::StartBridgeRequest> start_requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::chrono::milliseconds> deadlines_ ABSL_GUARDED_BY(mutex_);
  bool released_ ABSL_GUARDED_BY(mutex_) = false;
  std::string address_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

// An event of session "s_1" after which the stream can be resumed with "token-<sequence>".
v1::StreamEventsResponse EventMessage(int sequence);
v1::StreamEventsResponse EndedMessage(int sequence, v1::Outcome::Result result);
v1::StreamEventsResponse BookmarkMessage(v1::Bookmark::Kind kind, const std::string& token);

}  // namespace callbridge::client
