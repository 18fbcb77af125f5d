#include "client/cli/watch.h"

#include <utility>

#include "callbridge/error_details.h"
#include "callbridge/subscriber.h"
#include "client/cli/requests.h"
#include "client/cli/session_id.h"
#include "client/cli/watcher.h"
#include "client/cli/words.h"

namespace callbridge::cli {
namespace {

ExitStatus Interrupted(const Call& call, const std::string& session_id) {
  if (session_id.empty()) return ExitStatus::kOk;
  const std::string id = Printable(session_id);
  call.terminal.err << "stopped watching; the bridge goes on. callbridge watch " << id
                    << " continues, callbridge end " << id << " ends it\n";
  return ExitStatus::kInterrupted;
}

}  // namespace

ExitStatus Watch(const Call& call, v1::StreamEventsRequest request, bool by_outcome) {
  const GlobalOptions& global = call.line.global;
  WatcherOptions options;
  options.story = {global.show_numbers, call.line.arguments.Has("diagnostic")};
  options.json = global.json;
  options.single = !request.session_id().empty();
  Watcher watcher(call.terminal, options);
  client::SubscriberOptions subscriber_options;
  subscriber_options.first_message_timeout = global.timeout;
  client::Subscriber subscriber(call.channel, subscriber_options);
  if (options.single && !options.json) {
    call.terminal.out << "session " << Printable(request.session_id()) << std::endl;
  }
  absl::Status status = subscriber.Run(request, watcher, call.stop);
  while (client::IsResumeTokenExpired(status) && watcher.last_time().has_value()) {
    watcher.Note(NoteLine("the history after the last event is no longer kept; starting again"));
    request = client::MakeSnapshotRequest(std::move(request), watcher.last_time());
    status = subscriber.Run(request, watcher, call.stop);
  }
  if (absl::IsCancelled(status) && call.stop.stop_requested()) {
    return Interrupted(call, request.session_id());
  }
  if (!status.ok()) return Fail(call, status);
  if (!by_outcome) return ExitStatus::kOk;
  return watcher.outcome().has_value() ? ExitStatusOf(watcher.outcome()->result())
                                       : ExitStatus::kFailed;
}

ExitStatus RunWatch(const Call& call) {
  auto request = MakeWatchRequest(call.line.arguments);
  if (!request.ok()) return RefuseUsage(call.terminal, "watch", request.status());
  if (!request->session_id().empty()) {
    client::Client client = MakeClient(call);
    const auto id = FindSessionId(client, request->session_id());
    if (!id.ok()) return FailToFind(call, id.status());
    request->set_session_id(*id);
  }
  return Watch(call, *std::move(request), call.line.arguments.Has("exit-status"));
}

}  // namespace callbridge::cli
