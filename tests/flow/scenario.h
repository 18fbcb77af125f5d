// Golden scenarios of the flow: inputs in words, each followed by what the step answers (phase,
// events, commands). The interpreter plays the inputs against Step on a clock of its own and writes
// what comes out in the same words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/session.pb.h"
#include "server/base/time.h"
#include "tests/flow/describe.h"

namespace callbridge::flow {

class Scenario {
 public:
  Scenario();

  // Plays one input, for example "PARTICIPANT_JOINED caller" or "wait 5s", and returns what came
  // out, a line each. Fails the test on a line it does not understand. tests/scenarios/README.md
  // lists the words.
  std::string Play(const std::string& line);

  const internal::v1::Session& session() const { return session_; }
  // Steps a ready-made input at the scenario's time.
  internal::v1::Transition Step(internal::v1::Input input);
  base::Time now() const { return now_; }
  const CommandNames& names() const { return names_; }
  // Time passes while the service is away: no timer fires.
  void PassAway(base::Duration duration) { now_ += duration; }
  // Everything that was played so far, with all that came out (account.h).
  const std::string& account() const { return account_; }

 private:
  std::string PlayEvent(const std::vector<std::string>& words);
  std::string PlayResult(const std::vector<std::string>& words);
  std::string Wait(base::Duration duration);
  std::string StepAndDescribe(internal::v1::Input input);
  // By its name, or by its number, also that of a command that was never issued.
  internal::v1::Command CommandOf(const std::string& name) const;
  std::string CallIdOf(std::string_view leg_id) const;

  internal::v1::Session session_;
  base::Time now_;
  const base::Time start_;
  std::string account_;
  std::optional<base::Time> wake_;
  CommandNames names_;
};

// A webhook about this leg's call, with the custom data of its dial.
internal::v1::Input WebhookOf(const Scenario& scenario, internal::v1::ProviderEvent::Type type,
                              const std::string& leg_id);
// What the caller hears.
const internal::v1::Lane& CallersLane(const internal::v1::Session& session);
bool HasTimer(const internal::v1::Session& session, internal::v1::Timer::Kind kind);
// One after the other; what comes out is in the account.
void PlayAll(Scenario& scenario, const std::vector<std::string>& lines);
// An incoming call that was greeted; the dial of its callee, command 6, is in flight.
void PlayUntilTheCalleeIsDialled(Scenario& scenario);

}  // namespace callbridge::flow
