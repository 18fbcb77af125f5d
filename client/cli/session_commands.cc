// The commands get, list, end and update each make one request.
#include <absl/time/clock.h>

#include <algorithm>

#include "callbridge/client.h"
#include "client/cli/commands.h"
#include "client/cli/json.h"
#include "client/cli/requests.h"
#include "client/cli/session_id.h"
#include "client/cli/session_text.h"

namespace callbridge::cli {
ExitStatus Show(const Call& call, const absl::StatusOr<v1::Session>& session) {
  if (!session.ok()) return Fail(call, session.status());
  const GlobalOptions& global = call.line.global;
  if (global.json) {
    call.terminal.out << ToJson(*session, global.show_numbers) << "\n";
  } else {
    call.terminal.out << SessionPage(*session, global.show_numbers);
  }
  return ExitStatus::kOk;
}

ExitStatus RunGet(const Call& call) {
  client::Client client = MakeClient(call);
  const auto id = FindSessionId(client, call.line.arguments.words().front());
  if (!id.ok()) return FailToFind(call, id.status());
  return Show(call, client.GetSession(*id));
}

ExitStatus RunEnd(const Call& call) {
  client::Client client = MakeClient(call);
  const auto id = FindSessionId(client, call.line.arguments.words().front());
  if (!id.ok()) return FailToFind(call, id.status());
  return Show(call, client.EndSession(*id, call.line.arguments.ValueOr("reason", "")));
}

ExitStatus RunUpdate(const Call& call) {
  auto request = MakeUpdateRequest(call.line.arguments);
  if (!request.ok()) return RefuseUsage(call.terminal, "update", request.status());
  client::Client client = MakeClient(call);
  const auto id = FindSessionId(client, call.line.arguments.words().front());
  if (!id.ok()) return FailToFind(call, id.status());
  request->set_session_id(*id);
  const auto response = client.UpdateLeg(*request);
  return response.ok() ? Show(call, response->session()) : Fail(call, response.status());
}

ExitStatus RunList(const Call& call) {
  auto request =
      MakeListRequest(call.line.arguments, base::Time(base::Duration(absl::GetCurrentTimeNanos())));
  if (!request.ok()) return RefuseUsage(call.terminal, "list", request.status());
  const auto limit = ParseLimit(call.line.arguments, request->page_size());
  if (!limit.ok()) return RefuseUsage(call.terminal, "list", limit.status());
  const GlobalOptions& global = call.line.global;
  client::Client client = MakeClient(call);
  int shown = 0;
  while (shown < *limit && !call.stop.stop_requested()) {
    const auto page = client.ListSessions(*request);
    if (!page.ok()) return Fail(call, page.status());
    if (shown == 0 && !global.json && !page->sessions().empty()) {
      call.terminal.out << ListHeading() << "\n";
    }
    for (const v1::Session& session : page->sessions()) {
      if (shown == *limit) break;
      call.terminal.out << (global.json ? ToJson(session, global.show_numbers)
                                        : ListLine(session, global.show_numbers))
                        << "\n";
      ++shown;
    }
    if (page->next_page_token().empty()) {
      if (shown == 0 && !global.json) call.terminal.err << "no session matches\n";
      return ExitStatus::kOk;
    }
    request->set_page_token(page->next_page_token());
  }
  if (shown < *limit) return ExitStatus::kInterrupted;
  if (!global.json) call.terminal.err << "there are more; --limit shows them\n";
  return ExitStatus::kOk;
}

}  // namespace callbridge::cli
