// The commands say, play, stop-sounds, digits and capture each make one request.
#include "callbridge/client.h"
#include "client/cli/commands.h"
#include "client/cli/session_id.h"
#include "client/cli/sound_requests.h"
#include "client/cli/words.h"

namespace callbridge::cli {
namespace {

void Warn(const Call& call, const google::protobuf::RepeatedPtrField<std::string>& warnings) {
  for (const std::string& warning : warnings) {
    call.terminal.err << "warning: " << Printable(warning) << "\n";
  }
}

// request: made from the flags. method: of the client, with this request.
template <typename Request, typename Response>
ExitStatus Ask(const Call& call, absl::StatusOr<Request> request,
               absl::StatusOr<Response> (client::Client::*method)(const Request&)) {
  if (!request.ok()) return RefuseUsage(call.terminal, call.line.command, request.status());
  client::Client client = MakeClient(call);
  const auto id = FindSessionId(client, call.line.arguments.words().front());
  if (!id.ok()) return FailToFind(call, id.status());
  request->set_session_id(*id);
  const absl::StatusOr<Response> response = (client.*method)(*request);
  if (!response.ok()) return Fail(call, response.status());
  if constexpr (requires { response->warnings(); }) Warn(call, response->warnings());
  return Show(call, response->session());
}

}  // namespace

ExitStatus RunSay(const Call& call) {
  return Ask(call, MakeSayRequest(call.line.arguments), &client::Client::PlayPrompt);
}

ExitStatus RunPlay(const Call& call) {
  return Ask(call, MakePlayRequest(call.line.arguments), &client::Client::PlayPrompt);
}

ExitStatus RunStopSounds(const Call& call) {
  return Ask(call, MakeStopSoundsRequest(call.line.arguments), &client::Client::StopSounds);
}

ExitStatus RunDigits(const Call& call) {
  return Ask(call, MakeDigitsRequest(call.line.arguments), &client::Client::SendDigits);
}

ExitStatus RunCapture(const Call& call) {
  return Ask(call, MakeCaptureRequest(call.line.arguments), &client::Client::CaptureDigits);
}

}  // namespace callbridge::cli
