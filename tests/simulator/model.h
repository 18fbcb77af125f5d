// The provider in a box, as a pure model: requests and time go in, responses and webhooks come out.
// Deterministic for a seed; no clock, thread, socket or file, and no state outside the object. Not
// thread-safe: one thread owns it, be it the HTTP shell's or a simulation's.
#pragma once

#include <absl/status/status.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulator/answer.h"
#include "tests/simulator/calls.h"
#include "tests/simulator/outbox.h"
#include "tests/simulator/world.h"

namespace callbridge::simulator {

struct Request {
  std::string method;
  // Path and query.
  std::string target;
  std::string body;
  std::string authorization;
  std::string content_type = "application/json";
  // Of the Host header: "127.0.0.1:8080". Empty: the base URL of the settings.
  std::string host;
};

struct Response {
  int status = 200;
  std::string body;
  // Header Retry-After, in seconds.
  std::optional<std::int64_t> retry_after;
  // Header Date: the provider's time. Absent: the header is not sent.
  std::optional<base::Time> date;
  // To be sent so much later. The effect has happened already.
  base::Duration delay = base::Duration::zero();
  // Nothing is sent and the connection is reset.
  bool reset = false;
};

class Model {
 public:
  explicit Model(Settings settings);

  // Time never goes back: an earlier now counts as the latest one seen.
  Response HandleRequest(const Request& request, base::Time now);
  // Lets everything happen that is due, and returns the webhooks that leave by now, in order.
  std::vector<Delivery> Advance(base::Time now);
  // When Advance has something to do next. Nothing: not before another call.
  std::optional<base::Time> NextTime() const;

  // The id of the new call.
  std::string StartIncomingCall(const IncomingCall& incoming, base::Time now);
  // A call or a conference that was there before the model. What the timers stand for happens so
  // much later than now.
  void Restore(Call call, const std::vector<std::pair<base::Duration, Timer::Kind>>& timers);
  void Restore(Conference conference) { world_.conferences.Add(std::move(conference)); }
  // NotFound if there is no such call alive.
  absl::Status PersonHangsUp(const std::string& call_id, base::Time now);

  // The account has no calls configuration any more, and calls that come in name none.
  void ForgetConfigurations();

  // The scopes of the key from now on. Empty: all.
  void SetScopes(std::vector<std::string> scopes) { world_.settings.scopes = std::move(scopes); }

  // InvalidArgument names the row and what it takes.
  absl::Status SetSwitch(std::string_view name, std::string_view value);
  absl::Status SetFault(std::string_view name, std::string_view value);
  absl::Status SetDelay(std::string_view name, std::string_view value);
  absl::Status SetPerson(std::string_view who, std::string_view script);
  void ClearFaults();
  // Counts, requests and violations; calls and conferences go on.
  void ClearJournal();
  // Events that webhook faults met since the last time.
  std::vector<StruckEvent> TakeStruckEvents() { return world_.outbox.TakeStruck(); }

  const World& world() const { return world_; }

 private:
  void MoveTo(base::Time now);
  // What strikes this request, by name; empty: nothing.
  std::string DrawFault(const Route& route);
  bool IsThrottled(const Route& route);
  Answer Authorize(const Request& request) const;
  Answer Handle(const Request& request, const Target& target);
  // An operation whose body is a form.
  Answer HandleForm(const Request& request, const Target& target);
  // Never 400 where the provider documents none.
  Answer HandleAsDocumented(const Request& request, const Target& target);
  Response Strike(const std::string& fault, const Request& request, const Target& target,
                  Answer& answer);
  void Record(const Request& request, std::string_view operation, const Answer& answer,
              const Response& response, const std::string& fault);

  World world_;
  // For the switch throttles: when each operation was called in the last second.
  std::map<Operation, std::deque<base::Time>> recent_;
};

}  // namespace callbridge::simulator
