// The server's inbox, an address of its own that only the ingress and operators reach: what its
// commands have in common.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <functional>

#include "callbridge/internal/v1/inbox_service.grpc.pb.h"
#include "client/cli/commands.h"

namespace callbridge::cli {

using InboxQuestion =
    std::function<grpc::Status(internal::v1::InboxService::Stub&, grpc::ClientContext&)>;

// Asks the inbox at --inbox, within --timeout. What went wrong is printed; kOk: the answer is
// there.
ExitStatus AskInbox(const Call& call, const InboxQuestion& question);

}  // namespace callbridge::cli
