// The command quarantine lists webhooks that were authentic and not readable, reads them again, or
// drops them.
#include <absl/strings/numbers.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "client/cli/commands.h"
#include "client/cli/inbox.h"
#include "client/cli/json.h"
#include "client/cli/requests.h"
#include "client/cli/words.h"
#include "server/base/ingress_limits.h"
#include "server/base/limits.h"
#include "server/base/mask.h"
#include "server/base/time.h"

namespace callbridge::cli {
namespace {

using internal::v1::Quarantined;

void Show(const Call& call, Quarantined item) {
  const bool show_numbers = call.line.global.show_numbers;
  const auto mask = [&](const std::string& text) {
    return show_numbers ? Printable(text) : base::MaskText(Printable(text));
  };
  if (call.line.global.json) {
    // In JSON the body becomes base64, in which no later code can mask it.
    if (!show_numbers) item.set_body(mask(item.body()));
    item.set_error(mask(item.error()));
    call.terminal.out << ToJson(item, show_numbers) << "\n";
    return;
  }
  call.terminal.out << absl::StrFormat("%d  %s  %s\n  %s\n", item.id(),
                                       base::FormatTime(base::FromTimestamp(item.receive_time())),
                                       mask(item.error()), mask(item.body()));
}

// Passes up to `limit` items to `take`, page by page, from the newest to the oldest. `total` gets
// the number of all items in the quarantine.
ExitStatus ForEach(const Call& call, int limit, const std::function<void(Quarantined)>& take,
                   std::int64_t* total) {
  internal::v1::ListQuarantineRequest request;
  int taken = 0;
  do {
    request.set_page_size(std::min(limit - taken, base::kListPageSizeMax));
    internal::v1::ListQuarantineResponse response;
    const ExitStatus status = AskInbox(call, [&](auto& stub, grpc::ClientContext& context) {
      return stub.ListQuarantine(&context, request, &response);
    });
    if (status != ExitStatus::kOk) return status;
    for (Quarantined& item : *response.mutable_items()) take(std::move(item));
    taken += response.items_size();
    *total = response.total();
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty() && taken < limit);
  return ExitStatus::kOk;
}

ExitStatus ShowAll(const Call& call) {
  const auto limit = ParseLimit(call.line.arguments, 100);
  if (!limit.ok()) return RefuseUsage(call.terminal, "quarantine", limit.status());
  int shown = 0;
  std::int64_t total = 0;
  const auto show = [&](Quarantined item) {
    ++shown;
    Show(call, std::move(item));
  };
  const ExitStatus status = ForEach(call, *limit, show, &total);
  if (status == ExitStatus::kOk) {
    call.terminal.err << absl::StrFormat("%d shown, %d kept\n", shown, total);
  }
  return status;
}

// Reads the ids that follow the verb.
absl::StatusOr<std::vector<std::int64_t>> ReadIds(const std::vector<std::string>& words) {
  std::vector<std::int64_t> ids;
  for (auto word = words.begin() + 1; word != words.end(); ++word) {
    if (!absl::SimpleAtoi(*word, &ids.emplace_back()) || ids.back() <= 0) {
      return absl::InvalidArgumentError(
          absl::StrFormat("\"%s\" is not an id; callbridge quarantine shows the ids", *word));
    }
  }
  return ids;
}

ExitStatus Replay(const Call& call, const std::vector<std::int64_t>& ids) {
  internal::v1::ReplayQuarantinedRequest request;
  request.mutable_ids()->Add(ids.begin(), ids.end());
  internal::v1::ReplayQuarantinedResponse response;
  const ExitStatus status = AskInbox(call, [&](auto& stub, grpc::ClientContext& context) {
    return stub.ReplayQuarantined(&context, request, &response);
  });
  if (status == ExitStatus::kOk) {
    call.terminal.out << absl::StrFormat("%d replayed, %d still unreadable\n", response.replayed(),
                                         response.unreadable_ids_size());
  }
  return status;
}

ExitStatus Dismiss(const Call& call, const std::vector<std::int64_t>& ids) {
  internal::v1::DismissQuarantinedRequest request;
  request.mutable_ids()->Add(ids.begin(), ids.end());
  internal::v1::DismissQuarantinedResponse response;
  const ExitStatus status = AskInbox(call, [&](auto& stub, grpc::ClientContext& context) {
    return stub.DismissQuarantined(&context, request, &response);
  });
  if (status == ExitStatus::kOk) {
    call.terminal.out << absl::StrFormat("%d dismissed\n", response.dismissed());
  }
  return status;
}

}  // namespace

ExitStatus RunQuarantine(const Call& call) {
  const std::vector<std::string>& words = call.line.arguments.words();
  if (words.empty()) return ShowAll(call);
  const bool replays = words.front() == "replay";
  if (!replays && words.front() != "dismiss") {
    return RefuseUsage(call.terminal, "quarantine",
                       absl::InvalidArgumentError(
                           absl::StrFormat("\"%s\" is neither replay nor dismiss", words.front())));
  }
  auto ids = ReadIds(words);
  if (!ids.ok()) return RefuseUsage(call.terminal, "quarantine", ids.status());
  if (ids->empty() != call.line.arguments.Has("all")) {
    return RefuseUsage(call.terminal, "quarantine",
                       absl::InvalidArgumentError("name the ids, or give --all"));
  }
  if (ids->empty()) {
    std::int64_t total = 0;
    const ExitStatus status = ForEach(
        call, static_cast<int>(base::kQuarantineMax),
        [&](const Quarantined& item) { ids->push_back(item.id()); }, &total);
    if (status != ExitStatus::kOk) return status;
  }
  for (std::size_t begin = 0; begin < ids->size(); begin += base::kInboxBatchMax) {
    const std::size_t end = std::min(ids->size(), begin + base::kInboxBatchMax);
    const std::vector<std::int64_t> some(ids->begin() + static_cast<std::ptrdiff_t>(begin),
                                         ids->begin() + static_cast<std::ptrdiff_t>(end));
    const ExitStatus status = replays ? Replay(call, some) : Dismiss(call, some);
    if (status != ExitStatus::kOk) return status;
  }
  return ExitStatus::kOk;
}

}  // namespace callbridge::cli
