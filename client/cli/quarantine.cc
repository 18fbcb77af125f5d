// quarantine: what the ingress received, found authentic and could not read.
#include <absl/strings/str_format.h>

#include <algorithm>
#include <utility>

#include "client/cli/commands.h"
#include "client/cli/inbox.h"
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
  internal::v1::ListQuarantineRequest request;
  request.set_page_size(std::min(*limit, base::kInboxBatchMax));
  internal::v1::ListQuarantineResponse response;
  const ExitStatus status = AskInbox(call, [&](auto& stub, grpc::ClientContext& context) {
    return stub.ListQuarantine(&context, request, &response);
  });
  if (status != ExitStatus::kOk) return status;
  Show(call, std::move(response));
  return ExitStatus::kOk;
}

}  // namespace callbridge::cli
