// callbridge-webhook takes the provider's webhooks and hands them over to callbridge-server.
#include <absl/status/status.h>

#include <memory>

#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/settings/program.h"
#include "webhook/grpc_inbox_sink.h"
#include "webhook/grpc_log.h"
#include "webhook/ingress.h"
#include "webhook/port_file.h"

namespace callbridge::webhook {
namespace {

absl::Status Serve(const config::v1::Settings& settings, const base::Arguments& arguments,
                   const settings::StopSignals& stop_signals) {
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
            {{"port", (*ingress)->port()}, {"path", settings.webhook().path()}});
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
      {{"port-file", "FILE", "write the port of the ingress here"}},
      callbridge::webhook::Serve};
  return callbridge::settings::RunProgram(program, argc, argv);
}
