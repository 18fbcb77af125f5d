#include "client/cli/report.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "callbridge/error_details.h"
#include "client/cli/flag_of_field.h"
#include "client/cli/words.h"
#include "server/base/mask.h"

namespace callbridge::cli {
namespace {

std::string Shown(const std::string& text, const GlobalOptions& global) {
  const std::string printable = Printable(text);
  return global.show_numbers ? printable : base::MaskText(printable);
}

// True if the service's metadata of this key is a count or a time, which never holds a telephone
// number and would be masked like one.
bool IsCount(std::string_view key) {
  constexpr std::array<std::string_view, 5> kCounts = {"limit", "backlog", "rate", "violations",
                                                       "oldest_time"};
  return std::ranges::find(kCounts, key) != kCounts.end();
}

// True if no server answered. A server that answered UNAVAILABLE gives a reason.
bool IsOutOfReach(const absl::Status& status, const client::ErrorDetails& details) {
  return details.reason.empty() &&
         (absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status));
}

}  // namespace

bool IsOtherService(const absl::Status& status) {
  return absl::IsUnimplemented(status) && status.message().empty();
}

std::string ErrorText(const absl::Status& status, const GlobalOptions& global) {
  const client::ErrorDetails details = client::DetailsOf(status);
  std::string message = Shown(std::string(status.message()), global);
  // The service's message repeats the fields that are printed one by one below, so their number
  // replaces it.
  if (const std::size_t faults = details.field_violations.size(); faults > 0) {
    message = absl::StrFormat("%d field%s wrong", faults, faults == 1 ? " is" : "s are");
  }
  if (IsOtherService(status)) {
    message = absl::StrFormat(
        "%s answers gRPC, but is not the Callbridge API; is it the inbox, or another service?",
        Printable(global.server));
  }
  std::string text =
      absl::StrFormat("callbridge: %s: %s\n", absl::StatusCodeToString(status.code()), message);
  for (const auto& violation : details.field_violations) {
    const std::string field = Shown(violation.field, global);
    const std::string flag = FlagOfField(violation.field);
    text += absl::StrFormat("  %s: %s\n", flag.empty() ? field : flag + " (" + field + ")",
                            Shown(violation.description, global));
  }
  if (!details.reason.empty()) text += absl::StrFormat("  reason: %s\n", Printable(details.reason));
  for (const auto& [key, value] : details.metadata) {
    // An empty value means that nothing is there to show, as in a refused destination for which no
    // prefix fits.
    if (value.empty()) continue;
    text += absl::StrFormat("  %s: %s\n", Printable(key),
                            IsCount(key) ? Printable(value) : Shown(value, global));
  }
  if (details.retry_delay.has_value()) {
    text += absl::StrFormat("  try again in %s\n", DurationText(*details.retry_delay));
  }
  if (IsOutOfReach(status, details)) {
    text += absl::StrFormat(
        "  no answer from %s; is it the right address? --server ADDRESS or CALLBRIDGE_SERVER names "
        "another\n",
        Printable(global.server));
    if (global.authority_file.empty()) {
      text += "  this was tried without TLS; a server that speaks TLS needs --ca FILE\n";
    }
  }
  return text;
}

}  // namespace callbridge::cli
