// The command start makes one request, which can be repeated. With --wait it then shows the
// session's story.
#include "callbridge/client.h"
#include "client/cli/commands.h"
#include "client/cli/json.h"
#include "client/cli/requests.h"
#include "client/cli/session_id.h"
#include "client/cli/session_text.h"
#include "client/cli/watch.h"
#include "client/cli/words.h"

namespace callbridge::cli {
namespace {

void Show(const Call& call, const v1::StartBridgeRequest& request,
          const v1::StartBridgeResponse& response) {
  const GlobalOptions& global = call.line.global;
  const Terminal& terminal = call.terminal;
  for (const std::string& warning : response.warnings()) {
    terminal.err << "warning: " << Printable(warning) << "\n";
  }
  if (response.replayed()) {
    terminal.err << "this request was known: no person is dialled again; this is its session\n";
  }
  if (request.validate_only()) terminal.err << "valid; no person is called\n";
  if (call.line.arguments.Has("wait")) return;
  if (global.json) {
    // Prints only the session, as get, list and end do. The rest of the answer goes to stderr.
    terminal.out << ToJson(response.session(), global.show_numbers) << "\n";
  } else {
    terminal.out << SessionPage(response.session(), global.show_numbers);
  }
}

}  // namespace

ExitStatus RunStart(const Call& call) {
  auto request = MakeStartRequest(call.line.arguments);
  if (!request.ok()) return RefuseUsage(call.terminal, "start", request.status());
  if (request->request_id().empty()) {
    request->set_request_id(client::MakeRequestId());
    // The request_id is printed before the request is sent. A user who gets no answer needs it to
    // ask again without a second call.
    if (!request->validate_only()) {
      call.terminal.err << "request id " << request->request_id()
                        << " (repeat with this --request-id, so that no person is called twice)"
                        << std::endl;
    }
  }
  // Ctrl-C does not end this call, because its answer names the session, which the user wants to
  // know.
  client::CallOptions options;
  options.timeout = call.line.global.timeout;
  client::Client client(call.channel, options);
  if (request->caller().has_offered_session_id()) {
    const auto id = FindSessionId(client, request->caller().offered_session_id());
    if (!id.ok()) return FailToFind(call, id.status());
    request->mutable_caller()->set_offered_session_id(*id);
  }
  const auto response = client.StartBridge(*request);
  if (!response.ok()) return Fail(call, response.status());
  Show(call, *request, *response);
  if (!call.line.arguments.Has("wait")) return ExitStatus::kOk;
  v1::StreamEventsRequest watch;
  watch.set_session_id(response->session().session_id());
  watch.set_detail(v1::SessionEvent::DETAIL_DIAGNOSTIC);
  watch.set_position(v1::START_POSITION_BEGINNING);
  return Watch(call, std::move(watch), true);
}

}  // namespace callbridge::cli
