#include "client/cli/inbox.h"

#include <absl/strings/str_format.h>

#include <stop_token>

#include "callbridge/connection.h"
#include "callbridge/deadline.h"
#include "callbridge/error_details.h"
#include "client/cli/report.h"

namespace callbridge::cli {

ExitStatus AskInbox(const Call& call, const InboxQuestion& question) {
  client::ConnectionOptions connection;
  connection.address = call.line.global.inbox;
  if (connection.address.empty()) {
    return RefuseUsage(call.terminal, call.line.command,
                       absl::InvalidArgumentError(absl::StrFormat(
                           "which inbox? The one of the server %s is not known; give --inbox "
                           "ADDRESS or CALLBRIDGE_INBOX",
                           call.line.global.server)));
  }
  const auto stub = internal::v1::InboxService::NewStub(client::Connect(connection));
  grpc::ClientContext context;
  context.set_deadline(client::DeadlineIn(call.line.global.timeout));
  std::stop_callback on_stop(call.stop, [&] { context.TryCancel(); });
  const absl::Status status = client::ToAbslStatus(question(*stub, context));
  if (status.ok()) return ExitStatus::kOk;
  if (IsOtherService(status)) {
    call.terminal.err << "callbridge: " << connection.address
                      << " answers gRPC, but is not a Callbridge inbox; is it the API? --inbox "
                         "ADDRESS names another\n";
    return ExitStatus::kFailed;
  }
  if (absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status)) {
    call.terminal.err << "callbridge: no answer from the inbox at " << connection.address
                      << "; --inbox ADDRESS names another\n";
    return ExitStatus::kUnavailable;
  }
  return Fail(call, status);
}

}  // namespace callbridge::cli
