// A crowd of bridges of every kind, started one after the other while things fail: calls that come
// in and are answered, not answered, busy, offered, taken or left, calls to a stranger; bridges
// that programs start, repeat and end. What happens is decided by the seed; what programs were
// answered is kept as history.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "tests/end_to_end/system.h"
#include "tests/history/history.h"

namespace callbridge::end_to_end {

class Traffic {
 public:
  enum class Kind {
    kAnswered,
    kClickToCall,
    kUnanswered,
    kOfferTaken,
    kEndedByProgram,
    kBusy,
    kCallerBusy,
    kOfferLeft,
    kCalleeSilent,
    kStranger,
  };

  // All of them, and those that need no call to come in.
  static const std::vector<Kind>& AllKinds();
  static const std::vector<Kind>& ProgramsOnly();

  struct Options {
    std::uint64_t seed = 1;
    int bridges = 12;
    // Between two bridges.
    std::chrono::milliseconds apart{250};
    // Programs ask again for so long before they give up.
    std::chrono::milliseconds patience{30'000};
    // Put before every request id.
    std::string name = "crowd";
    // In turn; the seed says which begins.
    std::vector<Kind> kinds = AllKinds();
  };

  // Every label that a bridge carries; incoming calls carry none.
  static constexpr char kLabel[] = "crowd";

  // Begins at once. The system must outlive it.
  Traffic(System& system, Options options);
  ~Traffic();
  Traffic(const Traffic&) = delete;
  Traffic& operator=(const Traffic&) = delete;

  // How the people at the other end behave; once, before any traffic.
  static void SetPeople(const SimulatedProvider& provider);

  // Waits until every bridge was asked for, and every program had its answer or gave up.
  void AwaitStarted();
  // Answers since the last time.
  void MoveInto(history::History& history);

 private:
  // On a thread of its own: waits for its moment, then does what the kind says.
  void Act(const std::stop_token& stop, int index, Kind kind, double talk);
  void Call(const char* did, double talk);
  void TakeOffer(const std::stop_token& stop, const std::string& request_id, double talk);
  // The session's id; empty if it was refused or nobody answered.
  std::string Start(const std::stop_token& stop, const v1::StartBridgeRequest& request);
  void End(const std::stop_token& stop, const std::string& session_id);
  bool Wait(const std::stop_token& stop, std::chrono::milliseconds time);

  System& system_;
  const Options options_;
  absl::Mutex mutex_;
  history::History answers_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::jthread> threads_;
};

}  // namespace callbridge::end_to_end
