// Drives a Model in tests: owns the time, sends requests, collects webhooks in the order in which
// they leave. Every look into a body is by JSON pointer. For tests only.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulator/model.h"

namespace callbridge::simulator {

inline constexpr std::string_view kCaller = "447700900123";
inline constexpr std::string_view kDid = "442079460001";
inline constexpr std::string_view kCallee = "447700900456";

// The text, number or flag there, as text. Empty if there is none; "null" if it is null.
std::string At(std::string_view json, std::string_view pointer);

class ModelDriver {
 public:
  explicit ModelDriver(Settings settings = {});

  Model& model() { return model_; }
  const World& world() const { return model_.world(); }
  base::Time now() const { return now_; }

  Response Send(std::string_view method, const std::string& target, std::string body = "");
  Response Post(const std::string& target, std::string body = "") {
    return Send("POST", target, std::move(body));
  }
  Response Get(const std::string& target) { return Send("GET", target); }

  // Lets so much time pass; what happens in it happens at its moment. Each webhook is handed to
  // on_event when it leaves.
  void Run(base::Duration duration);
  std::function<void(const Delivery&)> on_event = [](const Delivery&) {};

  // Shortcuts for calls and conferences that tests are not about. Each expects that it works.
  std::string Incoming(std::string_view from = kCaller);
  // Established.
  std::string Answered();
  std::string Conference();
  // Dials into the conference; the new call's id.
  std::string Dial(const std::string& conference, std::string_view number = kCallee,
                   int connect_timeout = 30);
  // An answered call that has joined a conference of its own: {call, conference}.
  std::pair<std::string, std::string> JoinedCaller();

  const std::vector<Delivery>& events() const { return events_; }
  void ForgetEvents() { events_.clear(); }
  // "CALL_RINGING CALL_ESTABLISHED", of one call or of all.
  std::string Types(const std::string& call_id = "") const;
  // The latest of that type; fails the test if there is none.
  Delivery Last(std::string_view type) const;
  std::size_t CountOf(std::string_view type) const;
  const Call& CallOf(const std::string& call_id) const;
  // The texts of a call's timeline, one a line, each after its milliseconds: "1500 hears …".
  std::string Timeline(const std::string& call_id) const;

 private:
  Model model_;
  base::Time now_;
  std::vector<Delivery> events_;
};

}  // namespace callbridge::simulator
