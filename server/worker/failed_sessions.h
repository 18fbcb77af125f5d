// Handles sessions whose steps fail. Each is ended once, as FAILED, INTERNAL. If that fails, or if
// the session goes on failing, it is given up. If giving up fails too, the session is left alone
// until the next start. The failure of one session delays no other session.
#pragma once

#include <absl/status/status.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "server/base/clock.h"
#include "server/store/work.h"
#include "server/worker/stepping.h"

namespace callbridge::worker {

class Sweep;

// Not thread-safe: only the worker's rounds use it. A failure of the store is returned and loses no
// state: the next round handles the same session again.
class FailedSessions {
 public:
  // Its parameters must outlive it. sweep: it is told which sessions are left alone; null if there
  // is no sweep.
  FailedSessions(store::Work& work, const StepFunction& step, const base::Clock& clock,
                 Sweep* sweep);

  // Ends the session instead of stepping the inputs that wait. reference: tells operators what
  // failed.
  absl::Status Condemn(const store::DueSession& work, const std::string& reference);
  // Handles a commit of the session that the store aborted. Its inputs still wait, and the next
  // round steps them again. A session that is aborted again and again without a change is
  // condemned, and then given up: it would hold its place in every round for ever.
  absl::Status OnAborted(const store::DueSession& work, const std::string& why);
  // A commit of the session was stored, or the session is left alone.
  void ForgetAborts(const std::string& session_id) { aborted_.erase(session_id); }
  // Removes the sessions that are to be given up from `works`, and gives them up.
  absl::Status GiveUpHopeless(std::vector<store::DueSession>& works);

  // True if the session must no longer be stepped, even if inputs wait for it.
  bool IsLeftAlone(const std::string& session_id) const { return left_alone_.contains(session_id); }
  // The number of sessions that are left alone.
  int left_alone() const { return static_cast<int>(left_alone_.size()); }

 private:
  struct Hopeless {
    std::string reference;
    // The tries that the store has answered.
    int tries = 0;
  };

  // What a session was when its commit was aborted, and how often that has happened.
  struct Aborted {
    std::int64_t revision = 0;
    std::size_t inputs = 0;
    std::int64_t last_input = 0;
    int times = 0;
  };

  absl::Status GiveUp(const store::DueSession& work);

  store::Work& work_;
  const StepFunction& step_;
  const base::Clock& clock_;
  Sweep* const sweep_;
  std::map<std::string, Aborted> aborted_;
  // Sessions that could not be ended, or that went on failing after they were ended. The next round
  // gives them up.
  std::map<std::string, Hopeless> hopeless_;
  // Sessions that could not be given up either. Only the sweep handles their calls until the next
  // start.
  std::set<std::string> left_alone_;
};

}  // namespace callbridge::worker
