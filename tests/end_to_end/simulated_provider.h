// The simulator's control endpoint: lets people call and hang up, sets what goes wrong, and shows
// what is true at the provider. Each question is one HTTP request on a connection of its own;
// nothing is kept here.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callbridge::end_to_end {

struct SimulatedCall {
  std::string id;
  std::string to;
  bool alive = false;
  std::string error;
  // Who hung up: ENDPOINT, API …
  std::string hangup_source;
  // Our customData.session.
  std::string session;
  // What it went through and heard, in order.
  std::vector<std::string> timeline;

  bool Went(std::string_view text) const;
};

struct SimulatedWebhooks {
  std::int64_t refused = 0;
  std::int64_t failed = 0;
  std::int64_t given_up = 0;
  std::int64_t waiting = 0;
};

struct SimulatorState {
  std::int64_t calls_alive = 0;
  std::int64_t conferences_open = 0;
  std::int64_t violations = 0;
  // Sounds begun while another one was heard.
  std::int64_t overlaps = 0;
  std::int64_t faults_struck = 0;
  // Those that no webhook tells of yet.
  std::int64_t events_waiting = 0;
  SimulatedWebhooks webhooks;
  std::vector<SimulatedCall> calls;
  // All of it, for a person.
  std::string text;

  // Fails the test and is empty if there is none.
  SimulatedCall Call(std::string_view id) const;
  std::vector<SimulatedCall> CallsTo(std::string_view number) const;
};

class SimulatedProvider {
 public:
  explicit SimulatedProvider(std::uint16_t port) : port_(port) {}

  // The id of the call. `hangs_up_after` in seconds, divided by the speed: absent, never.
  std::string StartCall(std::string_view from, std::string_view to,
                        std::optional<double> hangs_up_after = std::nullopt) const;
  void HangUp(std::string_view call_id) const;
  using Values = std::initializer_list<std::pair<std::string_view, std::string_view>>;
  // {"447700900456", "answers:2"}.
  void SetPeople(Values people) const;
  // {"duplicate", "0.2"}.
  void SetFaults(Values faults) const;
  void ClearFaults() const;
  SimulatorState State() const;
  // Every request it was sent, with bodies, as JSON.
  std::string Requests() const;
  // Every webhook that it posted, and how it was answered, as JSON.
  std::string Webhooks() const;

 private:
  std::string Ask(std::string_view method, std::string_view path, const std::string& body,
                  int status) const;
  void Set(std::string_view path, Values values) const;

  std::uint16_t port_;
};

}  // namespace callbridge::end_to_end
