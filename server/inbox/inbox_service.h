// The gRPC service through which a separate ingress hands webhooks over and operators ask how the
// server is. It listens on an address of its own, because a program that reaches it can invent
// webhooks. It decides nothing: the intake does.
#pragma once

#include <grpcpp/grpcpp.h>

#include "callbridge/internal/v1/inbox_service.grpc.pb.h"
#include "server/base/clock.h"
#include "server/base/counters.h"
#include "server/inbox/intake.h"
#include "server/inbox/quarantine.h"
#include "server/inbox/server_facts.h"
#include "server/store/inbox.h"
#include "server/store/roles.h"
#include "server/store/upkeep.h"

namespace callbridge::inbox {

// Thread-safe; methods block on the store.
class InboxService final : public internal::v1::InboxService::Service {
 public:
  // Intake, store and clock must outlive it.
  InboxService(Intake& intake, store::Roles<store::Inbox, store::Upkeep> store,
               const base::Clock& clock, ServerFacts facts = {}, Translate translate = {});

  // OK: the batch is durable. INVALID_ARGUMENT: more than kInboxBatchMax items, or one that this
  // server does not know. Else as the store said it.
  grpc::Status Append(grpc::ServerContext* context, const internal::v1::AppendRequest* request,
                      internal::v1::AppendResponse* response) override;
  // As Quarantine answers.
  grpc::Status ListQuarantine(grpc::ServerContext* context,
                              const internal::v1::ListQuarantineRequest* request,
                              internal::v1::ListQuarantineResponse* response) override;
  grpc::Status ReplayQuarantined(grpc::ServerContext* context,
                                 const internal::v1::ReplayQuarantinedRequest* request,
                                 internal::v1::ReplayQuarantinedResponse* response) override;
  grpc::Status DismissQuarantined(grpc::ServerContext* context,
                                  const internal::v1::DismissQuarantinedRequest* request,
                                  internal::v1::DismissQuarantinedResponse* response) override;
  // Always OK.
  grpc::Status GetStatus(grpc::ServerContext* context,
                         const internal::v1::GetStatusRequest* request,
                         internal::v1::GetStatusResponse* response) override;

 private:
  Intake& intake_;
  store::Upkeep& upkeep_;
  const base::Clock& clock_;
  const ServerFacts facts_;
  // Asked for with each status.
  base::Gauge system_ahead_{"clock_system_ahead_ms",
                            "How many milliseconds the system's clock is ahead of the server's; "
                            "below zero: behind it."};
  Quarantine quarantine_;
};

}  // namespace callbridge::inbox
