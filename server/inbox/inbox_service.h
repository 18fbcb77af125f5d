// The gRPC service through which a separate ingress hands webhooks over and operators ask for the
// server's state. It listens on an address of its own, because a program that reaches it can invent
// webhooks. It makes no decisions; the intake makes them.
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

// Thread-safe. Methods block on the store.
class InboxService final : public internal::v1::InboxService::Service {
 public:
  // Intake, store and clock must outlive the service.
  InboxService(Intake& intake, store::Roles<store::Inbox, store::Upkeep> store,
               const base::Clock& clock, ServerFacts facts = {}, Translate translate = {});

  // OK means that the batch is durable. INVALID_ARGUMENT means more than kInboxBatchMax items, or
  // an item that this server does not know. Otherwise it returns the store's status.
  grpc::Status Append(grpc::ServerContext* context, const internal::v1::AppendRequest* request,
                      internal::v1::AppendResponse* response) override;
  // These three return what Quarantine returns.
  grpc::Status ListQuarantine(grpc::ServerContext* context,
                              const internal::v1::ListQuarantineRequest* request,
                              internal::v1::ListQuarantineResponse* response) override;
  grpc::Status ReplayQuarantined(grpc::ServerContext* context,
                                 const internal::v1::ReplayQuarantinedRequest* request,
                                 internal::v1::ReplayQuarantinedResponse* response) override;
  grpc::Status DismissQuarantined(grpc::ServerContext* context,
                                  const internal::v1::DismissQuarantinedRequest* request,
                                  internal::v1::DismissQuarantinedResponse* response) override;
  // Always returns OK.
  grpc::Status GetStatus(grpc::ServerContext* context,
                         const internal::v1::GetStatusRequest* request,
                         internal::v1::GetStatusResponse* response) override;

 private:
  Intake& intake_;
  store::Upkeep& upkeep_;
  const base::Clock& clock_;
  const ServerFacts facts_;
  // Updated whenever the status is asked for.
  base::Gauge system_ahead_{"clock_system_ahead_ms",
                            "How many milliseconds the system's clock is ahead of the server's; "
                            "below zero: behind it."};
  Quarantine quarantine_;
};

}  // namespace callbridge::inbox
