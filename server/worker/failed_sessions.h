// What becomes of sessions whose steps fail. Each is ended once, as FAILED, INTERNAL. If that
// fails, or it goes on failing, it is given up; and if that fails too, it is left alone until the
// next start. No failure of one session holds up another one.
#pragma once

#include <absl/status/status.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "server/base/clock.h"
#include "server/store/work.h"
#include "server/worker/stepping.h"

namespace callbridge::worker {

class Sweep;

// Not thread-safe: the worker's rounds use it. A failure of the store is returned, and then nothing
// is lost: the next round comes to the same session again.
class FailedSessions {
 public:
  // Everything lent must outlive it. sweep: told which sessions are left alone. Null: there is
  // none.
  FailedSessions(store::Work& work, const StepFunction& step, const base::Clock& clock,
                 Sweep* sweep);

  // Ends the session instead of stepping what waits. reference: for operators, what failed.
  absl::Status Condemn(const store::DueSession& work, const std::string& reference);
  // Takes those that are to be given up out of works, and gives them up.
  absl::Status GiveUpHopeless(std::vector<store::DueSession>& works);

  // The session is not to be stepped any more, whatever waits for it.
  bool IsLeftAlone(const std::string& session_id) const { return left_alone_.contains(session_id); }
  // How many of them there are.
  int left_alone() const { return static_cast<int>(left_alone_.size()); }

 private:
  struct Hopeless {
    std::string reference;
    // Those that the store has answered.
    int tries = 0;
  };

  absl::Status GiveUp(const store::DueSession& work);

  store::Work& work_;
  const StepFunction& step_;
  const base::Clock& clock_;
  Sweep* const sweep_;
  // Sessions that were ended because their steps could not be committed.
  std::set<std::string> condemned_;
  // Sessions that could not even be ended, or went on failing after they were: the next round gives
  // them up.
  std::map<std::string, Hopeless> hopeless_;
  // Those of them that could not even be given up: nothing but the sweep cares for them until the
  // next start.
  std::set<std::string> left_alone_;
};

}  // namespace callbridge::worker
