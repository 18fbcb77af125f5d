// The public service towards gRPC. All methods are callbacks, and work that blocks on the store
// runs on our own threads, so that no call can use up gRPC's threads. The service makes no decision
// about a telephone call: requests become inputs, and answers say what the flow made of them.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>

#include "callbridge/config/v1/settings.pb.h"
#include "callbridge/v1/bridge_service.grpc.pb.h"
#include "server/admission/room.h"
#include "server/api/call_count.h"
#include "server/api/health.h"
#include "server/api/reply_waiters.h"
#include "server/api/session_change.h"
#include "server/api/session_requests.h"
#include "server/api/start_bridge.h"
#include "server/api/stream_reader.h"
#include "server/api/unary_call.h"
#include "server/api/work_pool.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/base/limits.h"
#include "server/store/changes.h"
#include "server/store/history.h"
#include "server/store/inbox.h"
#include "server/store/roles.h"
#include "server/store/sessions.h"

namespace callbridge::api {

// Thread-safe. Everything in `parts` must outlive the service; the gRPC server must stop before the
// service is destroyed.
class BridgeService final : public v1::BridgeService::CallbackService {
 public:
  struct Parts {
    store::Roles<store::Inbox, store::Sessions, store::History, store::Changes> store;
    // The settings, with all defaults filled in.
    const config::v1::Settings& settings;
    const base::Clock& clock;
    base::RandomBits& random_bits;
    admission::Room& room;
    // Null means that the health service tells SERVING until the drain.
    Health* health = nullptr;
  };

  explicit BridgeService(const Parts& parts);

  // Makes every method but those that read and EndSession answer DRAINING, and ends open streams
  // with CLOSING and DRAINING.
  void Drain();
  // Waits until no stream is open. Returns false if `longest` passes first.
  bool WaitUntilStreamsEnded(base::Duration longest) { return reader_.WaitUntilEmpty(longest); }
  // Waits until no other call is being answered. Returns false if `longest` passes first.
  bool WaitUntilAnswered(base::Duration longest) { return calls_.WaitUntilZero(longest); }
  int open_streams() const { return reader_.open_streams(); }

  grpc::ServerUnaryReactor* StartBridge(grpc::CallbackServerContext* context,
                                        const v1::StartBridgeRequest* request,
                                        v1::StartBridgeResponse* response) override;
  grpc::ServerUnaryReactor* GetSession(grpc::CallbackServerContext* context,
                                       const v1::GetSessionRequest* request,
                                       v1::GetSessionResponse* response) override;
  grpc::ServerUnaryReactor* ListSessions(grpc::CallbackServerContext* context,
                                         const v1::ListSessionsRequest* request,
                                         v1::ListSessionsResponse* response) override;
  grpc::ServerUnaryReactor* EndSession(grpc::CallbackServerContext* context,
                                       const v1::EndSessionRequest* request,
                                       v1::EndSessionResponse* response) override;
  grpc::ServerUnaryReactor* UpdateLeg(grpc::CallbackServerContext* context,
                                      const v1::UpdateLegRequest* request,
                                      v1::UpdateLegResponse* response) override;
  grpc::ServerUnaryReactor* PlayPrompt(grpc::CallbackServerContext* context,
                                       const v1::PlayPromptRequest* request,
                                       v1::PlayPromptResponse* response) override;
  grpc::ServerUnaryReactor* StopSounds(grpc::CallbackServerContext* context,
                                       const v1::StopSoundsRequest* request,
                                       v1::StopSoundsResponse* response) override;
  grpc::ServerUnaryReactor* SendDigits(grpc::CallbackServerContext* context,
                                       const v1::SendDigitsRequest* request,
                                       v1::SendDigitsResponse* response) override;
  grpc::ServerUnaryReactor* CaptureDigits(grpc::CallbackServerContext* context,
                                          const v1::CaptureDigitsRequest* request,
                                          v1::CaptureDigitsResponse* response) override;
  grpc::ServerWriteReactor<v1::StreamEventsResponse>* StreamEvents(
      grpc::CallbackServerContext* context, const v1::StreamEventsRequest* request) override;

 private:
  // Answers a method that asks something of a living session. check: reads the request, or fails.
  template <typename Request, typename Response>
  grpc::ServerUnaryReactor* Change(
      grpc::CallbackServerContext* context, const Request* request, Response* response,
      absl::StatusOr<SessionChange> (*check)(const Request&, const Asker&, base::Time));

  // large: see UnaryCall::Lent.
  UnaryCall::Lent lent(CallCount* large = nullptr) { return {calls_, replies_, reads_, large}; }

  store::Sessions& sessions_;
  BridgeStarter starter_;
  SessionEnder ender_;
  SessionChanger changer_;
  const base::Clock& clock_;
  StreamReader reader_;
  // The calls of all unary methods, including lists.
  CallCount calls_{base::kCallsMax};
  CallCount listings_{base::kListsMax};
  std::atomic<bool> draining_ = false;
  ReplyWaiters replies_;
  // Declared last, because their threads must end before anything that they use.
  WorkPool reads_{base::kReadThreads, base::kCallsWaitingMax};
  WorkPool lists_{base::kListThreads, base::kListsMax};
  WorkPool writes_{base::kWriteThreads, base::kCallsWaitingMax};
};

}  // namespace callbridge::api
