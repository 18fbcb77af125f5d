#include "server/base/clock_offset.h"

#include <algorithm>
#include <chrono>

#include "server/base/limits.h"

namespace callbridge::base {
namespace {

void TakeOff(Duration ahead, google::protobuf::Timestamp& time) {
  time = ToTimestamp(FromTimestamp(time) - ahead);
}

void TakeOff(Duration ahead, internal::v1::ParticipantFacts& participant) {
  if (participant.has_join_time()) TakeOff(ahead, *participant.mutable_join_time());
  if (participant.has_leave_time()) TakeOff(ahead, *participant.mutable_leave_time());
}

}  // namespace

void ClockOffset::HeardBetween(Witness witness, Time shown, Duration precision, Time begin,
                               Time end) {
  const Range heard{.low = shown - end, .high = shown + precision - begin, .heard = end};
  absl::MutexLock lock(&mutex_);
  Narrow(witness == Witness::kCalls ? calls_ : answers_, heard);
}

void ClockOffset::HeardBefore(Time shown, Time end) {
  const Range heard{.low = shown - end, .high = shown - end, .heard = end};
  absl::MutexLock lock(&mutex_);
  const bool outdated = past_ && end - past_->heard > kClockOffsetAge;
  // The message that took the shortest time shows the highest offset, which is nearest to the
  // truth.
  if (!past_ || outdated || heard.low >= past_->low) past_ = heard;
}

void ClockOffset::Narrow(std::optional<Range>& known, const Range& heard) {
  const bool outdated = known && heard.heard - known->heard > kClockOffsetAge;
  if (known && !outdated) {
    const Duration low = std::max(known->low, heard.low);
    const Duration high = std::min(known->high, heard.high);
    if (low <= high) {
      known->low = low;
      known->high = high;
      return;
    }
  }
  // The earlier observation is absent or outdated, or contradicts the new one. A contradiction
  // means that one of the two clocks was set, or has drifted.
  known = heard;
}

Duration ClockOffset::ahead() const {
  absl::MutexLock lock(&mutex_);
  Duration ahead{};
  if (const std::optional<Range>& best = calls_ ? calls_ : answers_) {
    ahead = best->low + (best->high - best->low) / 2;
  } else if (past_) {
    ahead = std::max(past_->low, Duration::zero());
  }
  return std::chrono::abs(ahead) < kClockOffsetMin ? Duration::zero() : ahead;
}

Duration ClockOffset::ahead_at_least() const {
  absl::MutexLock lock(&mutex_);
  Duration least = Duration::zero();
  for (const std::optional<Range>& range : {calls_, answers_, past_}) {
    if (range) least = std::min(least, range->low);
  }
  return least > -kClockOffsetMin ? Duration::zero() : least;
}

void ToOurTime(const ClockOffset& theirs, internal::v1::CallFacts& call) {
  const Duration ahead = theirs.ahead();
  if (call.has_start_time()) TakeOff(ahead, *call.mutable_start_time());
  if (call.has_answer_time()) TakeOff(ahead, *call.mutable_answer_time());
  if (call.has_end_time()) TakeOff(ahead, *call.mutable_end_time());
}

void ToOurTime(const ClockOffset& theirs, internal::v1::ConferenceFacts& conference) {
  const Duration ahead = theirs.ahead();
  for (internal::v1::ParticipantFacts& participant : *conference.mutable_participants()) {
    TakeOff(ahead, participant);
  }
}

void ToOurTime(const ClockOffset& theirs, internal::v1::RecordingFacts& recording) {
  const Duration ahead = theirs.ahead();
  if (recording.has_start_time()) TakeOff(ahead, *recording.mutable_start_time());
  if (recording.has_end_time()) TakeOff(ahead, *recording.mutable_end_time());
  for (auto* files : {recording.mutable_composed_files(), recording.mutable_call_files()}) {
    for (internal::v1::RecordedFile& file : *files) {
      if (file.has_start_time()) TakeOff(ahead, *file.mutable_start_time());
    }
  }
}

void ToOurTime(const ClockOffset& theirs, internal::v1::ProviderEvent& event) {
  const Duration ahead = theirs.ahead();
  if (event.has_occur_time()) TakeOff(ahead, *event.mutable_occur_time());
  if (event.has_participant()) TakeOff(ahead, *event.mutable_participant());
  if (event.has_call()) ToOurTime(theirs, *event.mutable_call());
  if (event.has_conference()) ToOurTime(theirs, *event.mutable_conference());
  if (event.has_recording()) ToOurTime(theirs, *event.mutable_recording());
}

}  // namespace callbridge::base
