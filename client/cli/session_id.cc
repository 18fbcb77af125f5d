#include "client/cli/session_id.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>

#include "client/cli/words.h"

namespace callbridge::cli {

absl::StatusOr<std::string> FindSessionId(client::Client& client, const std::string& text) {
  if (text.starts_with("s_")) return text;
  if (text.size() < kShortIdLength) {
    return absl::InvalidArgumentError(
        absl::StrFormat("\"%s\" is not a session id; write the whole id, which begins with s_, or "
                        "at least its last "
                        "%d characters",
                        Printable(text), kShortIdLength));
  }
  const std::string wanted = absl::AsciiStrToUpper(text);
  v1::ListSessionsRequest request;
  request.set_page_size(kShortIdSearchMax);
  std::string found;
  int seen = 0;
  while (seen < kShortIdSearchMax) {
    const auto page = client.ListSessions(request);
    if (!page.ok()) return page.status();
    for (const v1::Session& session : page->sessions()) {
      ++seen;
      if (!absl::AsciiStrToUpper(session.session_id()).ends_with(wanted)) continue;
      // A session may appear on two pages if other sessions begin meanwhile.
      if (!found.empty() && found != session.session_id()) {
        return absl::InvalidArgumentError(absl::StrFormat(
            "\"%s\" is the end of several ids, among them %s and %s; write more of it",
            Printable(text), Printable(found), Printable(session.session_id())));
      }
      found = session.session_id();
    }
    if (page->next_page_token().empty()) break;
    request.set_page_token(page->next_page_token());
  }
  if (!found.empty()) return found;
  return absl::NotFoundError(
      absl::StrFormat("no id of the newest %d sessions ends with \"%s\"; write the whole id", seen,
                      Printable(text)));
}

}  // namespace callbridge::cli
