#include "client/cli/report.h"

#include <absl/strings/str_format.h>

#include "client/callbridge/error_details.h"
#include "client/cli/words.h"
#include "server/base/mask.h"

namespace callbridge::cli {
namespace {

std::string Shown(const std::string& text, const GlobalOptions& global) {
  const std::string printable = Printable(text);
  return global.show_numbers ? printable : base::MaskText(printable);
}

// Nobody answered at all, as opposed to a server that answered UNAVAILABLE with its reason.
bool IsOutOfReach(const absl::Status& status, const client_library::ErrorDetails& details) {
  return details.reason.empty() &&
         (absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status));
}

}  // namespace

std::string ErrorText(const absl::Status& status, const GlobalOptions& global) {
  const client_library::ErrorDetails details = client_library::DetailsOf(status);
  std::string text =
      absl::StrFormat("callbridge: %s: %s\n", absl::StatusCodeToString(status.code()),
                      Shown(std::string(status.message()), global));
  for (const auto& violation : details.field_violations) {
    text += absl::StrFormat("  %s: %s\n", Shown(violation.field, global),
                            Shown(violation.description, global));
  }
  if (!details.reason.empty()) text += absl::StrFormat("  reason: %s\n", Printable(details.reason));
  for (const auto& [key, value] : details.metadata) {
    text += absl::StrFormat("  %s: %s\n", Printable(key), Shown(value, global));
  }
  if (details.retry_delay.has_value()) {
    text += absl::StrFormat("  try again in %s\n", DurationText(*details.retry_delay));
  }
  if (IsOutOfReach(status, details)) {
    text += absl::StrFormat(
        "  no answer from %s; is it the right address? --server ADDRESS or "
        "CALLBRIDGE_SERVER gives another\n",
        Printable(global.server));
  }
  return text;
}

}  // namespace callbridge::cli
