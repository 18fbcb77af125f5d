// The hand-over to a server in another process: gRPC over a Unix socket or an address of its own,
// never the public port. It reconnects quickly and sets a deadline on every call; HoldingInboxSink
// holds and batches the requests.
#pragma once

#include <memory>
#include <string>

#include "webhook/holding_inbox_sink.h"
#include "webhook/inbox_sink.h"

namespace callbridge::webhook {

// address: inbox.listen of the settings, for example "unix:/run/callbridge/inbox.sock" or
// "127.0.0.1:50052". The server may start later.
std::unique_ptr<InboxSink> MakeGrpcInboxSink(const std::string& address, HoldLimits limits = {});

}  // namespace callbridge::webhook
