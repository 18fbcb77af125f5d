// A line to the simulator's model on simulated time: a whole run takes a moment, and always the
// same one. The person at the telephone does what each script asks for.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/live/line.h"
#include "server/live/run.h"
#include "server/provider/base_url.h"
#include "tests/simulator/model.h"

namespace callbridge::live {

inline constexpr char kPerson[] = "447700900123";
inline constexpr char kRented[] = "442079460001";
inline constexpr char kOwnUrl[] = "http://127.0.0.1:4000";
inline constexpr char kKey[] = "the-key-of-the-account";

// What the model and a replay have in common. Requests and webhooks take simulated time.
class SimulatedLine : public Line {
 public:
  // Called before each request leaves; it may replace the answer.
  std::function<std::optional<provider::HttpAnswer>(const provider::HttpRequest&)> before =
      [](const provider::HttpRequest&) { return std::nullopt; };
  // Called with each webhook; false drops it.
  std::function<bool(Webhook&)> passes = [](Webhook&) { return true; };
  void Stop() { stopped_ = true; }
  // A webhook that the provider of the line has not sent.
  void Inject(const std::string& body, bool authentic = true, const std::string& signature = "") {
    waiting_.push_back({now_, {"Content-Type"}, signature, authentic, body});
  }
  // "POST /path" of everything that left.
  const std::vector<std::string>& sent() const { return sent_; }

  provider::HttpAnswer Send(const provider::HttpRequest& request,
                            const std::string& base_url) override {
    sent_.push_back(std::string(NameOf(request.method)) + " " + request.target);
    now_ += Latency();
    if (auto answer = before(request)) return *std::move(answer);
    const std::string url = base_url.empty() ? kOwnUrl : base_url;
    simulator::Request asked;
    asked.method = NameOf(request.method);
    asked.target = request.target;
    asked.body = request.body;
    asked.authorization = std::string("App ") + kKey;
    asked.host = provider::ParseBaseUrl(url)->authority;
    if (request.form) WriteForm(*request.form, asked);
    const simulator::Response response = Handle(asked);
    now_ += Latency() + response.delay;
    provider::HttpAnswer answer;
    answer.request_left = true;
    answer.http_status = response.reset ? 0 : response.status;
    answer.body = response.reset ? "" : response.body;
    if (response.retry_after) answer.retry_after = std::chrono::seconds(*response.retry_after);
    Advance(now_);
    return answer;
  }
  bool MaySendTo(const std::string& base_url) const override {
    const auto url = provider::ParseBaseUrl(base_url);
    return url.ok() && url->loopback;
  }
  bool IsOwn(const std::string& base_url) const override {
    const auto url = provider::ParseBaseUrl(base_url);
    return url.ok() && url->url == kOwnUrl;
  }

  std::optional<Webhook> WaitForWebhook(base::Time until, bool though_stopped) override {
    while (waiting_.empty() && (!stopped_ || though_stopped)) {
      const auto next = NextTime();
      const bool later = !next || *next > until;
      if (later && now_ >= until) break;
      Advance(later ? until : std::max(*next, now_));
    }
    if (waiting_.empty()) return std::nullopt;
    Webhook webhook = std::move(waiting_.front());
    waiting_.pop_front();
    return webhook;
  }
  void RefuseNextWebhook() override {}
  base::Time Now() const override { return now_; }
  bool stopped() const override { return stopped_; }

 protected:
  // From this machine to the provider, and back again.
  virtual base::Duration Latency() const { return std::chrono::milliseconds(20); }
  virtual simulator::Response Handle(const simulator::Request& request) = 0;
  virtual std::vector<simulator::Delivery> Due() = 0;
  virtual std::optional<base::Time> NextTime() const = 0;

 private:
  void Advance(base::Time to) {
    now_ = std::max(now_, to);
    for (simulator::Delivery& delivery : Due()) {
      Webhook webhook{
          std::max(delivery.due, begin_), {"Content-Type"}, "", true, std::move(delivery.body)};
      if (passes(webhook)) waiting_.push_back(std::move(webhook));
    }
  }

  static void WriteForm(const provider::FormFile& form, simulator::Request& request) {
    std::string bytes(static_cast<std::size_t>(form.size), '\0');
    EXPECT_EQ(form.read(0, bytes.data(), bytes.size()), bytes.size());
    request.content_type = "multipart/form-data; boundary=x1";
    request.body = "--x1\r\nContent-Disposition: form-data; name=\"" + form.part +
                   "\"; filename=\"" + form.file_name + "\"\r\nContent-Type: " + form.content_type +
                   "\r\n\r\n" + bytes + "\r\n--x1--\r\n";
  }

  const base::Time begin_{std::chrono::hours(500'000)};
  base::Time now_ = begin_;
  bool stopped_ = false;
  std::deque<Webhook> waiting_;
  std::vector<std::string> sent_;
};

class ModelLine final : public SimulatedLine {
 public:
  explicit ModelLine(simulator::Settings settings) : model_(std::move(settings)) {}

  simulator::Model& model() { return model_; }

  // Lets the person of the script be as it says.
  void Prepare(const Script& script) {
    std::string person = "never-answers";
    switch (script.person) {
      case Person::kAnswers:
        person = "answers:2";
        break;
      case Person::kHangsUp:
        person = "answers:2,hangs-up:5";
        break;
      case Person::kPressesKeys:
        person = "answers:2,presses:12#";
        break;
      case Person::kCalls:
      case Person::kGivesUp: {
        simulator::IncomingCall call;
        call.from = kPerson;
        call.to = kRented;
        if (script.person == Person::kGivesUp) call.hangs_up = std::chrono::seconds(5);
        model_.StartIncomingCall(call, Now());
        return;
      }
      case Person::kNobody:
      case Person::kLetsRing:
        break;
    }
    EXPECT_TRUE(model_.SetPerson(kPerson, person).ok());
  }

 private:
  simulator::Response Handle(const simulator::Request& request) override {
    return model_.HandleRequest(request, Now());
  }
  std::vector<simulator::Delivery> Due() override { return model_.Advance(Now()); }
  std::optional<base::Time> NextTime() const override { return model_.NextTime(); }

  simulator::Model model_;
};

// A model with the service's configuration, whose key is kKey.
inline simulator::Settings Account() {
  simulator::Settings settings;
  settings.api_key = kKey;
  settings.configurations = {"shop-calls"};
  settings.api_base_url = kOwnUrl;
  return settings;
}

inline std::vector<const Script*> AllScripts() {
  std::vector<const Script*> all;
  for (const Script& script : Scripts()) all.push_back(&script);
  return all;
}

inline RunOptions OptionsFor(const std::string& folder,
                             const std::vector<const Script*>& scripts = AllScripts()) {
  RunOptions options;
  options.stage.configuration.id = "shop-calls";
  options.stage.to = std::string("+") + kPerson;
  options.stage.from = std::string("+") + kRented;
  options.stage.run = "abcdefgh";
  options.scripts = scripts;
  options.folder = folder;
  options.secrets = {kKey};
  return options;
}

// What was recorded and is, or will be, at the provider.
inline std::size_t RecordingsLeft(ModelLine& line) {
  std::size_t left = 0;
  for (const auto& [key, recording] : line.model().world().recordings.things()) {
    left += recording.finished ? 0 : 1;
    for (const auto* files : {&recording.composed_files, &recording.call_files}) {
      for (const simulator::RecordedFile& file : *files) left += file.deleted ? 0 : 1;
    }
  }
  return left;
}

inline Findings Play(ModelLine& line, const RunOptions& options) {
  return PlayScripts(line, options, {[&](const Script& script) { line.Prepare(script); }});
}

}  // namespace callbridge::live
