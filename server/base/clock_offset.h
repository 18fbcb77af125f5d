// What is known of the clock of another machine, from what that machine itself says: how far it is
// ahead of ours. Times that it tells are compared with ours only after this was taken off.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <optional>

#include "callbridge/internal/v1/facts.pb.h"
#include "server/base/time.h"

namespace callbridge::base {

// Thread-safe. Everything that was heard more than kClockOffsetAge ago is forgotten as soon as
// something newer contradicts it.
class ClockOffset {
 public:
  // Who said a time: clocks of two machines of one provider may differ.
  enum class Witness {
    // The machine that answers requests: the header Date.
    kAnswers,
    // The machine that keeps calls: when one began.
    kCalls,
  };

  // The other clock showed something from `shown` to `shown` + `precision` at a moment of ours
  // between `begin` and `end`.
  void HeardBetween(Witness witness, Time shown, Duration precision, Time begin, Time end);
  // The other clock showed this before a moment of ours, and it is not known how long before.
  void HeardBefore(Time shown, Time end);

  // How far the other clock is ahead; below zero: behind. Zero while nothing is known, and below
  // kClockOffsetMin, which is within what messages take. Calls are believed first, then answers.
  // What was heard of the past only proves a clock that is ahead: a message that seems old may be
  // old.
  Duration ahead() const;
  // The least of everything that was heard, zero at most, and zero above -kClockOffsetMin: to ask
  // the other for what happened since a moment of ours.
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
  // Only low says something.
  std::optional<Range> past_ ABSL_GUARDED_BY(mutex_);
};

// Their times become ours. Nothing changes while the other's clock is right, or nothing is known of
// it.
void ToOurTime(const ClockOffset& theirs, internal::v1::CallFacts& call);
// Of its participants.
void ToOurTime(const ClockOffset& theirs, internal::v1::ConferenceFacts& conference);
void ToOurTime(const ClockOffset& theirs, internal::v1::ProviderEvent& event);

}  // namespace callbridge::base
