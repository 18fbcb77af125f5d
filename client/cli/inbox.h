// What the commands for the server's inbox share. The inbox has an address of its own, which only
// the ingress and operators reach.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <functional>

#include "callbridge/internal/v1/inbox_service.grpc.pb.h"
#include "client/cli/commands.h"

namespace callbridge::cli {

using InboxQuestion =
    std::function<grpc::Status(internal::v1::InboxService::Stub&, grpc::ClientContext&)>;

// Asks the inbox at --inbox, within --timeout. It prints an error itself; kOk means that the answer
// has arrived.
ExitStatus AskInbox(const Call& call, const InboxQuestion& question);

}  // namespace callbridge::cli
