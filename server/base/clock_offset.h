// Estimates how far the clock of another machine is ahead of ours, from the times that this machine
// tells. Those times are compared with ours only after the offset was subtracted.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <optional>

#include "callbridge/internal/v1/facts.pb.h"
#include "server/base/time.h"

namespace callbridge::base {

// Thread-safe. An observation older than kClockOffsetAge is dropped as soon as a newer one
// contradicts it.
class ClockOffset {
 public:
  // Who told a time. The clocks of two machines of one provider may differ.
  enum class Witness {
    // The machine that answers requests, in the header Date.
    kAnswers,
    // The machine that keeps calls, in the time at which a call began.
    kCalls,
  };

  // Records an observation: the other clock showed a time from `shown` to `shown` + `precision` at
  // a moment of our clock between `begin` and `end`.
  void HeardBetween(Witness witness, Time shown, Duration precision, Time begin, Time end);
  // Records that the other clock showed `shown` at an unknown moment before `end` of our clock.
  void HeardBefore(Time shown, Time end);

  // How far the other clock is ahead; negative if it is behind. It is zero while no observation
  // exists, and when the estimate is below kClockOffsetMin, which messages may take to arrive.
  // Calls are believed first, then answers. An observation from HeardBefore only proves a clock
  // that is ahead, because a message that seems old may be old.
  Duration ahead() const;
  // The lowest estimate of all observations: zero or below, and zero if it is above
  // -kClockOffsetMin. A caller uses it to ask the provider for what happened since a moment of our
  // clock.
  Duration ahead_at_least() const;

 private:
  struct Range {
    Duration low{};
    Duration high{};
    Time heard;
  };

  static void Narrow(std::optional<Range>& known, const Range& heard);

  mutable absl::Mutex mutex_;
  std::optional<Range> calls_ ABSL_GUARDED_BY(mutex_);
  std::optional<Range> answers_ ABSL_GUARDED_BY(mutex_);
  // Only `low` of this range has a meaning.
  std::optional<Range> past_ ABSL_GUARDED_BY(mutex_);
};

// Changes the times in the provider's message into ours. The times stay as they are while the
// offset is unknown or zero.
void ToOurTime(const ClockOffset& theirs, internal::v1::CallFacts& call);
// Changes the times of the conference and of its participants.
void ToOurTime(const ClockOffset& theirs, internal::v1::ConferenceFacts& conference);
void ToOurTime(const ClockOffset& theirs, internal::v1::RecordingFacts& recording);
void ToOurTime(const ClockOffset& theirs, internal::v1::ProviderEvent& event);

}  // namespace callbridge::base
