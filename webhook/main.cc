// callbridge-webhook takes the provider's webhooks and hands them over to callbridge-server.
#include <absl/status/status.h>
#include <absl/strings/str_format.h>

#include <iostream>
#include <memory>
#include <string>

#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/settings/files.h"
#include "server/settings/program.h"
#include "webhook/captured_request.h"
#include "webhook/credentials.h"
#include "webhook/grpc_inbox_sink.h"
#include "webhook/grpc_log.h"
#include "webhook/ingress.h"
#include "webhook/port_file.h"
#include "webhook/verify.h"
#include "webhook/webhook_secrets.h"

namespace callbridge::webhook {
namespace {

// Explains a captured request on standard output. An error means that the ingress would refuse it,
// or that the file cannot be read.
absl::Status VerifyFile(const config::v1::Webhook& webhook, const std::string& file) {
  const auto refuse = [&file](const absl::Status& status) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--verify: %s: %s", file, std::string(status.message())));
  };
  const auto captured = settings::ReadTextFile(file, kCapturedRequestBytesMax);
  if (!captured.ok()) return refuse(captured.status());
  const auto request = ReadCapturedRequest(*captured);
  if (!request.ok()) return refuse(request.status());
  const auto credentials = ReadWebhookSecrets(webhook);
  if (!credentials.ok()) return credentials.status();
  const Verdict verdict = Verify(*request, webhook, *credentials);
  std::cout << verdict.text;
  if (verdict.accepted) return absl::OkStatus();
  return absl::FailedPreconditionError("--verify: the ingress would refuse this request");
}

absl::Status Serve(const config::v1::Settings& settings, const base::Arguments& arguments,
                   const settings::StopSignals& stop_signals) {
  if (const auto captured = arguments.Value("verify"); captured.has_value()) {
    return VerifyFile(settings.webhook(), *captured);
  }
  if (settings.webhook().in_server()) {
    return absl::FailedPreconditionError(
        "webhook.in_server is true: callbridge-server runs the ingress itself; set it to false to "
        "run callbridge-webhook");
  }
  TakeGrpcLog();
  base::ServiceClock& clock = base::ProcessClock();
  const std::unique_ptr<InboxSink> sink = MakeGrpcInboxSink(settings.inbox().listen());
  const auto ingress = Ingress::Start(settings.webhook(), *sink, clock);
  if (!ingress.ok()) return ingress.status();
  if (const auto port_file = arguments.Value("port-file"); port_file.has_value()) {
    const absl::Status written = WritePortFile(*port_file, (*ingress)->port());
    if (!written.ok()) return written;
  }
  base::Log(base::LogLevel::kInfo, "webhook_listening",
            {{"port", (*ingress)->port()},
             {"path", settings.webhook().path()},
             {"receive_path", settings.webhook().receive_path()},
             {"tls", settings.webhook().has_tls()},
             {"public_url", settings.webhook().public_url()}});
  stop_signals.Wait();
  base::Log(base::LogLevel::kInfo, "webhook_draining");
  // The drain answers the webhooks that were taken, before the connection to the server is closed.
  (*ingress)->Drain();
  return absl::OkStatus();
}

}  // namespace
}  // namespace callbridge::webhook

int main(int argc, char** argv) {
  const callbridge::settings::Program program{
      "callbridge-webhook",
      callbridge::settings::Process::kWebhook,
      {{"port-file", "FILE", "write the port of the ingress here"},
       {"verify", "FILE",
        "say of a captured request which part of its credential fails and which settings would "
        "fit, then exit"}},
      callbridge::webhook::Serve};
  return callbridge::settings::RunProgram(program, argc, argv);
}
