// The command status shows what the server is doing, how full it is, and everything that it counts.
#include <absl/strings/str_format.h>

#include <algorithm>
#include <string>

#include "client/cli/commands.h"
#include "client/cli/inbox.h"
#include "client/cli/json.h"
#include "client/cli/words.h"
#include "server/base/time.h"

namespace callbridge::cli {
namespace {

using internal::v1::GetStatusResponse;

std::string Mebibytes(std::int64_t bytes) {
  return absl::StrFormat("%.1f MiB", static_cast<double>(bytes) / (1024 * 1024));
}

std::string StoreText(const GetStatusResponse& status) {
  if (!status.store_error().empty()) return "fails: " + Printable(status.store_error());
  std::string text = absl::StrFormat(
      "%d live sessions; waiting: %d inputs, %d dials; webhooks: %d parked (%d dropped), %d in "
      "quarantine",
      status.live_sessions(), status.waiting_inputs(), status.pending_dials(),
      status.parked_webhooks(), status.parked_webhooks_dropped(), status.quarantined_webhooks());
  if (status.has_database_bytes()) text += "\ndatabase  " + Mebibytes(status.database_bytes());
  if (status.has_wal_bytes()) text += ", write-ahead log " + Mebibytes(status.wal_bytes());
  if (status.has_free_disk_bytes()) text += ", free " + Mebibytes(status.free_disk_bytes());
  return text;
}

std::string StatusText(const GetStatusResponse& status) {
  const base::Time start = base::FromTimestamp(status.start_time());
  const base::Time now = base::FromTimestamp(status.current_time());
  std::string text =
      absl::StrFormat("server    %s, up %s, since %s\nstore     %s\n", Printable(status.version()),
                      DurationText(now - start), base::FormatTime(start), StoreText(status));
  std::size_t width = 0;
  for (const auto& counter : status.counters()) width = std::max(width, counter.name().size());
  for (const auto& counter : status.counters()) {
    text += absl::StrFormat("%-*s %10d  %s\n", static_cast<int>(width), Printable(counter.name()),
                            counter.value(), Printable(counter.meaning()));
  }
  return text;
}

}  // namespace

ExitStatus RunStatus(const Call& call) {
  GetStatusResponse response;
  const ExitStatus status = AskInbox(call, [&](auto& stub, grpc::ClientContext& context) {
    return stub.GetStatus(&context, {}, &response);
  });
  if (status != ExitStatus::kOk) return status;
  if (call.line.global.json) {
    call.terminal.out << ToJson(response, call.line.global.show_numbers) << "\n";
  } else {
    call.terminal.out << StatusText(response);
  }
  // The exit status tells a probe whether the store works.
  return response.store_error().empty() ? ExitStatus::kOk : ExitStatus::kUnavailable;
}

}  // namespace callbridge::cli
