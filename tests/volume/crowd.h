// A service with a crowd of talks: the real flow, worker, ledger and pace with the published rates,
// on simulated time, against a provider that answers every request after a moment and tells nothing
// by itself.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/base/clock.h"
#include "server/provider/provider.h"
#include "server/provider/provider_pace.h"
#include "server/store/store.h"
#include "server/worker/worker.h"

namespace callbridge::volume {

// Answers after a fifth of a second; what it shows is alive.
class PatientProvider final : public provider::Provider {
 public:
  explicit PatientProvider(const base::Clock& clock) : clock_(clock) {}

  void Send(const internal::v1::Command& command, base::Time send_by, Done done) override;
  void DeliverDue();
  std::optional<base::Time> NextTime() const;

  struct Sent {
    internal::v1::Command command;
    base::Time time;
  };
  std::vector<Sent> sent;

 private:
  const base::Clock& clock_;
  std::multimap<base::Time, std::function<void()>> answers_;
};

class Crowd {
 public:
  // looks_due: when the talk of this number is looked at next, counted from now.
  Crowd(int talks, const std::function<base::Duration(int)>& looks_due);

  void Run(base::Duration duration);
  // A person calls a number with a route. Returns the session's id.
  std::string Call();
  // How long after its call the answer left. Absent: it has not left yet.
  std::optional<base::Duration> AnsweredAfter(const std::string& session_id) const;
  void EndTalk(int number);
  // When commands of this kind about the talks left.
  std::vector<base::Time> SentTimes(internal::v1::Command::ActionCase action) const;
  // When the talks want to be woken next.
  std::vector<base::Time> WakeTimes();

  base::Time now() const { return clock_.Now(); }
  PatientProvider& provider() { return provider_; }
  store::Store& store() { return *store_; }

 private:
  void AddTalks(int talks, const std::function<base::Duration(int)>& looks_due);

  base::ManualClock clock_;
  std::unique_ptr<store::Store> store_;
  PatientProvider provider_{clock_};
  std::unique_ptr<provider::ProviderPace> pace_;
  std::unique_ptr<worker::Worker> worker_;
  std::map<std::string, base::Time> calls_;
  bool woken_ = false;
};

}  // namespace callbridge::volume
