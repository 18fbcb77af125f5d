// The hand-over inside one process: it calls a function of the server from a thread of its own, so
// that the listener never waits for a disk. HoldingInboxSink does the rest.
#pragma once

#include <absl/status/status.h>

#include <functional>
#include <memory>
#include <vector>

#include "callbridge/internal/v1/inbox_service.pb.h"
#include "webhook/holding_inbox_sink.h"
#include "webhook/inbox_sink.h"

namespace callbridge::webhook {

// append: stores a batch durably, for example inbox::Intake::Append. An empty batch only asks
// whether it could. One thread at a time calls it, and it must outlive the sink.
std::unique_ptr<InboxSink> MakeLocalInboxSink(
    std::function<absl::Status(std::vector<internal::v1::InboxItem>)> append,
    HoldLimits limits = {});

}  // namespace callbridge::webhook
