// quarantine: what the ingress received, found authentic and could not read.
#include <absl/strings/str_format.h>
#include <grpcpp/client_context.h>

#include <algorithm>
#include <chrono>

#include "callbridge/internal/v1/inbox_service.grpc.pb.h"
#include "client/callbridge/connection.h"
#include "client/callbridge/error_details.h"
#include "client/cli/commands.h"
#include "client/cli/json.h"
#include "client/cli/requests.h"
#include "client/cli/words.h"
#include "server/base/limits.h"
#include "server/base/mask.h"
#include "server/base/time.h"

namespace callbridge::cli {
namespace {

void Show(const Call& call, internal::v1::ListQuarantineResponse response) {
  const bool show_numbers = call.line.global.show_numbers;
  for (internal::v1::Quarantined& item : *response.mutable_items()) {
    const auto mask = [&](const std::string& text) {
      return show_numbers ? Printable(text) : base::MaskText(Printable(text));
    };
    if (call.line.global.json) {
      // The body is base64 in JSON, where nothing masks it.
      if (!show_numbers) item.set_body(mask(item.body()));
      item.set_error(mask(item.error()));
      call.terminal.out << ToJson(item, show_numbers) << "\n";
      continue;
    }
    call.terminal.out << absl::StrFormat("%s  %s\n  %s\n",
                                         base::FormatTime(base::FromTimestamp(item.receive_time())),
                                         mask(item.error()), mask(item.body()));
  }
  call.terminal.err << absl::StrFormat("%d shown, %d kept\n", response.items_size(),
                                       response.total());
}

}  // namespace

ExitStatus RunQuarantine(const Call& call) {
  const auto limit = ParseLimit(call.line.arguments, 100);
  if (!limit.ok()) return RefuseUsage(call.terminal, "quarantine", limit.status());
  client_library::ConnectionOptions connection;
  connection.address = call.line.global.inbox;
  if (connection.address.empty()) {
    return RefuseUsage(call.terminal, "quarantine",
                       absl::InvalidArgumentError(absl::StrFormat(
                           "which inbox? The one of the server %s is not known; give --inbox "
                           "ADDRESS or CALLBRIDGE_INBOX",
                           call.line.global.server)));
  }
  const auto stub = internal::v1::InboxService::NewStub(client_library::Connect(connection));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + call.line.global.timeout);
  std::stop_callback on_stop(call.stop, [&] { context.TryCancel(); });
  internal::v1::ListQuarantineRequest request;
  request.set_page_size(std::min(*limit, base::kInboxBatchMax));
  internal::v1::ListQuarantineResponse response;
  const absl::Status status =
      client_library::ToAbslStatus(stub->ListQuarantine(&context, request, &response));
  if (!status.ok()) {
    if (absl::IsUnavailable(status)) {
      call.terminal.err << "callbridge: no answer from the inbox at " << connection.address
                        << "; --inbox ADDRESS gives another\n";
      return ExitStatus::kUnavailable;
    }
    return Fail(call, status);
  }
  Show(call, std::move(response));
  return ExitStatus::kOk;
}

}  // namespace callbridge::cli
