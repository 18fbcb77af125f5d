#include "tests/simulator/shell.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <utility>

namespace callbridge::simulator {
namespace {

// Whole at once: a reader never sees half a number.
absl::Status WritePortFile(const std::string& path, const std::string& port) {
  if (path.empty()) return absl::OkStatus();
  const std::string unfinished = path + ".new";
  std::ofstream file(unfinished);
  file << port << "\n";
  file.close();
  if (!file || std::rename(unfinished.c_str(), path.c_str()) != 0) {
    return absl::UnavailableError("the port file " + path + " cannot be written");
  }
  return absl::OkStatus();
}

// What came otherwise than it was recorded, and how many recorded requests have not come.
std::string DescribeReplay(const Replay& replay) {
  JsonWriter writer;
  writer.BeginObject();
  writer.Integer("left", static_cast<std::int64_t>(replay.left()));
  writer.BeginArray("differences");
  for (const std::string& difference : replay.differences()) writer.String(difference);
  writer.EndArray();
  writer.EndObject();
  return writer.Take();
}

}  // namespace

Shell::Shell(Options options, const base::Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      server_(std::make_unique<HttpServer>(
          io_, [this](const Request& request) { return Serve(request); })),
      sender_(std::make_unique<WebhookSender>(io_, options_.webhook, clock)),
      timer_(io_),
      signals_(io_) {}

absl::Status Shell::Start() {
  const auto address = boost::asio::ip::make_address(options_.listen_host);
  const absl::Status listening = server_->Listen({address, options_.listen_port});
  if (!listening.ok()) return listening;
  if (options_.settings.api_base_url.empty()) {
    options_.settings.api_base_url = "http://" + server_->address();
  }
  model_ = std::make_unique<Model>(options_.settings);
  const absl::Status loaded = LoadReplay();
  if (!loaded.ok()) return loaded;
  const std::string where = server_->address();
  return WritePortFile(options_.port_file, where.substr(where.rfind(':') + 1));
}

absl::Status Shell::LoadReplay() {
  if (options_.replay_folder.empty()) return absl::OkStatus();
  auto scripts = LoadTranscripts(options_.replay_folder);
  if (!scripts.ok()) return scripts.status();
  replay_ = std::make_unique<Replay>(
      *std::move(scripts), Replay::Settings{options_.settings.speed, options_.settings.api_base_url,
                                            [](const std::string& difference) {
                                              std::cerr << "replay: " << difference << std::endl;
                                            }});
  // Some begin with a call of the person.
  boost::asio::post(io_, [this] { Pump(); });
  return absl::OkStatus();
}

void Shell::StopOnSignals() {
  signals_.add(SIGTERM);
  signals_.add(SIGINT);
  signals_.async_wait([this](const boost::system::error_code& error, int) {
    if (!error) io_.stop();
  });
}

void Shell::Run() { io_.run(); }

void Shell::Stop() { io_.stop(); }

Response Shell::Serve(const Request& request) {
  const base::Time now = Now();
  Response response;
  if (request.method == "GET" && request.target == "/control/webhooks") {
    // The model knows only what happened, not how it was received.
    response.body = sender_->Journal();
  } else if (replay_ != nullptr && request.target == "/control/replay") {
    response.body = DescribeReplay(*replay_);
  } else if (replay_ != nullptr && !request.target.starts_with("/control/")) {
    response = replay_->HandleRequest(request, now);
  } else if (request.target.starts_with("/control/")) {
    // So that the state shows the present.
    Pump();
    response = HandleControl(*model_, request, sender_->counts(), now);
  } else {
    response = model_->HandleRequest(request, now);
  }
  Pump();
  return response;
}

void Shell::Pump() {
  const base::Time now = Now();
  auto due = replay_ == nullptr ? model_->Advance(now) : replay_->Advance(now);
  for (Delivery& delivery : due) sender_->Send(delivery.type, std::move(delivery.body));
  const auto next = replay_ == nullptr ? model_->NextTime() : replay_->NextTime();
  if (!next) {
    timer_.cancel();
    return;
  }
  timer_.expires_after(std::max(base::Duration::zero(), *next - now));
  timer_.async_wait([this](const boost::system::error_code& stopped) {
    if (!stopped) Pump();
  });
}

}  // namespace callbridge::simulator
