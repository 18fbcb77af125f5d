// Connects the model to the world: one thread, the machine's clock, the HTTP listener and the
// webhook sender. It decides nothing about calls.
#pragma once

#include <absl/status/status.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "server/base/clock.h"
#include "tests/simulator/http_server.h"
#include "tests/simulator/model.h"
#include "tests/simulator/options.h"
#include "tests/simulator/replay.h"
#include "tests/simulator/webhook_sender.h"

namespace callbridge::simulator {

class Shell {
 public:
  // clock must outlive this.
  Shell(Options options, const base::Clock& clock);

  // Binds; after it address() tells where, and the port file is written.
  absl::Status Start();
  // Serves until Stop, or until SIGTERM or SIGINT after StopOnSignals. Once.
  void Run();
  void StopOnSignals();
  // From any thread.
  void Stop();
  std::string address() const { return server_->address(); }

 private:
  // By the provider's clock.
  base::Time Now() const { return clock_.Now() + options_.clock_ahead; }
  Response Serve(const Request& request);
  absl::Status LoadReplay();
  // Sends what is due and waits for what is next.
  void Pump();

  Options options_;
  const base::Clock& clock_;
  boost::asio::io_context io_;
  std::unique_ptr<Model> model_;
  // Plays instead of the model. Null: no transcripts were given.
  std::unique_ptr<Replay> replay_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<WebhookSender> sender_;
  boost::asio::steady_timer timer_;
  boost::asio::signal_set signals_;
};

}  // namespace callbridge::simulator
