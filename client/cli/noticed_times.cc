#include "client/cli/noticed_times.h"

#include <absl/strings/str_format.h>

#include <utility>

#include "client/cli/words.h"

namespace callbridge::cli {
namespace {

// True for an end that a person brought about. After an EndSession or a deadline no person waits
// for the end.
bool IsLeaving(const v1::LegEnd& end) {
  switch (end.reason()) {
    case v1::END_REASON_UNSPECIFIED:
    case v1::END_REASON_HUNG_UP:
    case v1::END_REASON_UNREACHABLE:
    case v1::END_REASON_LOST:
      return true;
    default:
      return false;
  }
}

}  // namespace

void NoticedTimes::Observe(const v1::SessionEvent& event) {
  const Moment moment = MomentOf(event);
  switch (event.event_case()) {
    case v1::SessionEvent::kLegAnswered:
      if (event.leg_answered().role() == v1::Leg::ROLE_CALLER) {
        caller_answered_ = moment;
      } else {
        callee_leg_id_ = event.leg_answered().leg_id();
        callee_answered_ = moment;
        callee_joined_.reset();
      }
      break;
    case v1::SessionEvent::kPromptStarted:
    case v1::SessionEvent::kMusicStarted:
      // Music that gave way to what a client asked for did not stop for the callee.
      if (!connected_) music_off_.reset();
      if (!first_audio_.has_value()) first_audio_ = moment;
      break;
    case v1::SessionEvent::kLegJoined:
      if (event.leg_joined().leg_id() == callee_leg_id_) callee_joined_ = moment;
      break;
    case v1::SessionEvent::kMusicStopped:
      if (!connected_ && !event.music_stopped().ran_out() &&
          event.music_stopped().has_stop_duration()) {
        music_off_ = base::FromProtoDuration(event.music_stopped().stop_duration());
      }
      break;
    case v1::SessionEvent::kPartiesConnected:
      connected_ = true;
      break;
    case v1::SessionEvent::kLegEnded:
      ObserveLegEnd(event.leg_ended().leg(), moment);
      break;
    default:
      break;
  }
}

void NoticedTimes::ObserveLegEnd(const v1::Leg& leg, const Moment& moment) {
  if (!connected_) return;
  if (!first_end_.has_value()) {
    first_end_ = moment;
    first_end_leg_id_ = leg.leg_id();
    left_ = IsLeaving(leg.end());
  } else if (!second_end_.has_value() && leg.leg_id() != first_end_leg_id_) {
    second_end_ = moment;
  }
}

std::optional<base::Duration> NoticedTimes::answer_to_audio() const {
  return Between(caller_answered_, first_audio_);
}

std::optional<base::Duration> NoticedTimes::join_to_music_off() const {
  // Music also stops for an apology, when no callee has joined.
  return connected_ ? music_off_ : std::nullopt;
}

std::optional<base::Duration> NoticedTimes::answer_to_join() const {
  return Between(callee_answered_, callee_joined_);
}

std::optional<base::Duration> NoticedTimes::leave_to_hang_up() const {
  return left_ ? Between(first_end_, second_end_) : std::nullopt;
}

std::string NoticedTimes::Text() const {
  const std::pair<const char*, std::optional<base::Duration>> times[] = {
      {"answer → first audio", answer_to_audio()},
      {"join → music off", join_to_music_off()},
      {"callee's answer → join", answer_to_join()},
      {"leave → other hung up", leave_to_hang_up()},
  };
  std::string text;
  for (const auto& [name, time] : times) {
    if (!time.has_value()) continue;
    text += absl::StrFormat("%s%s %s", text.empty() ? "" : ", ", name, DurationText(*time));
  }
  return text;
}

NoticedTimes::Moment NoticedTimes::MomentOf(const v1::SessionEvent& event) {
  Moment moment{std::nullopt, base::FromTimestamp(event.record_time())};
  if (event.has_occur_time()) moment.occurred = base::FromTimestamp(event.occur_time());
  return moment;
}

std::optional<base::Duration> NoticedTimes::Between(const MaybeMoment& from,
                                                    const MaybeMoment& to) {
  if (!from.has_value() || !to.has_value()) return std::nullopt;
  const bool both_occurred = from->occurred.has_value() && to->occurred.has_value();
  const base::Duration duration =
      both_occurred ? *to->occurred - *from->occurred : to->recorded - from->recorded;
  // If the client learned of the two in the wrong order, their difference has no meaning.
  if (duration < base::Duration::zero()) return std::nullopt;
  return duration;
}

}  // namespace callbridge::cli
