// The commands record and recordings.
#include <absl/strings/str_format.h>

#include <algorithm>
#include <string>

#include "callbridge/client.h"
#include "client/cli/commands.h"
#include "client/cli/json.h"
#include "client/cli/recording_requests.h"
#include "client/cli/recording_sentence.h"
#include "client/cli/requests.h"
#include "client/cli/session_id.h"
#include "client/cli/words.h"
#include "server/base/limits.h"

namespace callbridge::cli {
namespace {

ExitStatus Start(const Call& call, client::Client& client, const std::string& session_id) {
  auto request = MakeRecordRequest(call.line.arguments);
  if (!request.ok()) return RefuseUsage(call.terminal, "record", request.status());
  request->set_session_id(session_id);
  const auto response = client.StartRecording(*request);
  return response.ok() ? Show(call, response->session()) : Fail(call, response.status());
}

ExitStatus Stop(const Call& call, client::Client& client, const std::string& session_id) {
  v1::StopRecordingRequest request = MakeStopRecordRequest(call.line.arguments);
  request.set_session_id(session_id);
  const auto response = client.StopRecording(request);
  return response.ok() ? Show(call, response->session()) : Fail(call, response.status());
}

std::string LineOf(const Call& call, const v1::Recording& recording) {
  if (call.line.global.json) return ToJson(recording, call.line.global.show_numbers);
  return absl::StrFormat("%s  %-12s  %s", Printable(recording.session_id()),
                         Printable(recording.recording_id()), RecordingText(recording));
}

}  // namespace

ExitStatus RunRecord(const Call& call) {
  const std::string& verb = call.line.arguments.words().back();
  if (verb != "start" && verb != "stop") {
    return RefuseUsage(call.terminal, "record",
                       absl::InvalidArgumentError(absl::StrFormat(
                           "record: \"%s\" is neither start nor stop", Printable(verb))));
  }
  client::Client client = MakeClient(call);
  const auto id = FindSessionId(client, call.line.arguments.words().front());
  if (!id.ok()) return FailToFind(call, id.status());
  return verb == "start" ? Start(call, client, *id) : Stop(call, client, *id);
}

ExitStatus RunRecordings(const Call& call) {
  const auto limit = ParseLimit(call.line.arguments, 20);
  if (!limit.ok()) return RefuseUsage(call.terminal, "recordings", limit.status());
  client::Client client = MakeClient(call);
  v1::ListRecordingsRequest request;
  request.set_page_size(std::min(*limit, base::kListPageSizeMax));
  if (!call.line.arguments.words().empty()) {
    const auto id = FindSessionId(client, call.line.arguments.words().front());
    if (!id.ok()) return FailToFind(call, id.status());
    request.set_session_id(*id);
  }
  int shown = 0;
  while (shown < *limit && !call.stop.stop_requested()) {
    const auto page = client.ListRecordings(request);
    if (!page.ok()) return Fail(call, page.status());
    for (const v1::Recording& recording : page->recordings()) {
      if (shown == *limit) break;
      call.terminal.out << LineOf(call, recording) << "\n";
      ++shown;
    }
    if (page->next_page_token().empty()) {
      if (shown == 0 && !call.line.global.json) call.terminal.err << "nothing was recorded\n";
      return ExitStatus::kOk;
    }
    request.set_page_token(page->next_page_token());
  }
  if (!call.line.global.json) call.terminal.err << "there may be more; --limit shows them\n";
  return ExitStatus::kOk;
}

}  // namespace callbridge::cli
