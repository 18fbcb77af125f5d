// The hand-over inside one process: to a function of the server, from a thread of its own, so that
// the listener never waits for a disk. Everything else is HoldingInboxSink.
#pragma once

#include <absl/status/status.h>

#include <functional>
#include <memory>
#include <vector>

#include "callbridge/internal/v1/inbox_service.pb.h"
#include "webhook/holding_inbox_sink.h"
#include "webhook/inbox_sink.h"

namespace callbridge::webhook {

// append stores a batch durably, for example inbox::Intake::Append; an empty batch asks only
// whether it could. It is called by one thread at a time and must outlive the sink.
std::unique_ptr<InboxSink> MakeLocalInboxSink(
    std::function<absl::Status(std::vector<internal::v1::InboxItem>)> append,
    HoldLimits limits = {});

}  // namespace callbridge::webhook
