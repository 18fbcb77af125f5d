// The fixture of the chaos tests: a system with traffic and observers, faults that are kept as
// outages, and at the end the judgement of everything that was collected. A test says what fails
// and when; the rest is the same for all.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/end_to_end/end_to_end.h"
#include "tests/end_to_end/observers.h"
#include "tests/end_to_end/store_disk.h"
#include "tests/end_to_end/traffic.h"
#include "tests/history/history.h"

namespace callbridge::end_to_end {

class Chaos : public EndToEnd {
 protected:
  void TearDown() override;

  // Boots with the provider's published rates, lets the observers begin.
  void BootObserved(SystemOptions options = {});
  // Several crowds may run at a time.
  void StartTraffic(Traffic::Options options);
  // Two bridges that complete, for when the faults are over.
  void StartTrafficAfterwards();
  // Every program of all crowds has its answer or gave up.
  void AwaitTrafficStarted();
  // Until a session is in this state, at least so many.
  void AwaitSessions(v1::Session::State state, int count);

  enum class Part { kServer, kIngress, kProvider, kDisk };
  // What happens inside is an outage of the part.
  void DuringOutage(Part part, const std::function<void()>& what);
  // And waits until it answers.
  void StartServerAgain();
  // SIGKILL, away for so long, started again.
  void KillServer(std::chrono::milliseconds away);
  void KillIngress(std::chrono::milliseconds away);
  // SIGSTOP, SIGCONT.
  void Pause(Part part, std::chrono::milliseconds time);
  // The time that a fault lasts; the simulator must stay alive meanwhile.
  void Last(std::chrono::milliseconds time);

  // Waits until every program has its answer, every session has ended and nothing is alive at the
  // provider; then judges everything that was collected since the boot. Returns it for questions of
  // the test's own.
  history::History SettleAndJudge(bool expect_lawful_requests = true);

  // Sessions by the result of their outcome.
  static int CountResults(const history::History& history, v1::Outcome::Result result);

 private:
  void AwaitAllEnded();
  history::History Collect();

  std::vector<std::unique_ptr<Traffic>> traffic_;
  std::unique_ptr<SessionAsker> asker_;
  std::vector<std::unique_ptr<EventReader>> readers_;
  std::vector<history::Outage> outages_;
};

}  // namespace callbridge::end_to_end
