// callbridge-webhook: takes the provider's webhooks and hands them over to callbridge-server.
#include <absl/status/status.h>
#include <signal.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/base/arguments.h"
#include "server/base/check.h"
#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/settings/config_flags.h"
#include "server/settings/load.h"
#include "webhook/grpc_inbox_sink.h"
#include "webhook/ingress.h"
#include "webhook/port_file.h"

namespace callbridge::webhook {
namespace {

// Blocked before the first thread exists, so that every thread inherits it and sigwait below is the only one to receive them.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  base::Check(pthread_sigmask(SIG_BLOCK, &signals, nullptr) == 0, "signals cannot be blocked");
  return signals;
}

absl::Status Serve(const config::v1::Settings& settings,
                   const std::optional<std::string>& port_file, const sigset_t& stop_signals) {
  if (settings.webhook().in_server()) {
    return absl::FailedPreconditionError(
        "webhook.in_server is true: callbridge-server runs the ingress itself; set it to false to "
        "run callbridge-webhook");
  }
  const base::SystemClock clock;
  const std::unique_ptr<InboxSink> sink = MakeGrpcInboxSink(settings.inbox().listen());
  const auto ingress = Ingress::Start(settings.webhook(), *sink, clock);
  if (!ingress.ok()) return ingress.status();
  if (port_file.has_value()) {
    const absl::Status written = WritePortFile(*port_file, (*ingress)->port());
    if (!written.ok()) return written;
  }
  base::Log(base::LogLevel::kInfo, "webhook_listening",
            {{"port", (*ingress)->port()}, {"path", settings.webhook().path()}});
  int signal = 0;
  base::Check(sigwait(&stop_signals, &signal) == 0, "signals cannot be waited for");
  base::Log(base::LogLevel::kInfo, "webhook_draining");
  // What was taken is answered, and only then is the way to the server given up.
  (*ingress)->Drain();
  return absl::OkStatus();
}

int Run(int argument_count, const char* const* arguments) {
  const sigset_t stop_signals = BlockStopSignals();
  std::vector<base::Flag> flags = settings::ConfigFlags();
  flags.push_back({"port-file", "FILE", "write the port that is listened on here"});
  flags.push_back({"help", "", "print this"});
  const auto parsed = base::Arguments::Parse(argument_count, arguments, flags);
  if (!parsed.ok()) {
    std::cerr << std::string(parsed.status().message()) << "\n";
    return EXIT_FAILURE;
  }
  if (parsed->Has("help")) {
    std::cout << "callbridge-webhook --config FILE [--port-file FILE]\n"
              << base::DescribeFlags(flags);
    return EXIT_SUCCESS;
  }
  const auto answered =
      settings::AnswerConfigFlags(*parsed, settings::Process::kWebhook, std::cout, std::cerr);
  if (answered.has_value()) return *answered;
  const std::optional<std::string> config = parsed->Value("config");
  if (!config.has_value() || !parsed->words().empty()) {
    std::cerr << "--config FILE is needed, and nothing but flags; see --help\n";
    return EXIT_FAILURE;
  }
  const auto settings = settings::LoadSettings(*config, settings::Process::kWebhook);
  absl::Status status = settings.status();
  if (status.ok()) {
    const auto level = base::ParseLogLevel(settings->log().level());
    if (level.has_value()) base::SetLogLevel(*level);
    status = Serve(*settings, parsed->Value("port-file"), stop_signals);
  }
  if (status.ok()) return EXIT_SUCCESS;
  std::cerr << std::string(status.message()) << "\n";
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace callbridge::webhook

int main(int argc, char** argv) { return callbridge::webhook::Run(argc, argv); }
