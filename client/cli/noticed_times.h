// The four times of a session that the people in the call notice, computed from its events. Each is
// absent unless both of its ends are known; no time is estimated.
#pragma once

#include <optional>
#include <string>

#include "callbridge/v1/event.pb.h"
#include "server/base/time.h"

namespace callbridge::cli {

class NoticedTimes {
 public:
  // Takes the next event. Events come in the order of sequence, from the first on.
  void Observe(const v1::SessionEvent& event);

  // From the caller's answer until the first prompt or music began.
  std::optional<base::Duration> answer_to_audio() const;
  // From the moment at which the callee's answer was learned until the music was off.
  std::optional<base::Duration> join_to_music_off() const;
  // From the callee's answer until the callee was in the conference.
  std::optional<base::Duration> answer_to_join() const;
  // From the hangup of one party after talking until the other party's leg was over.
  std::optional<base::Duration> leave_to_hang_up() const;

  // Returns a text like "answer → first audio 0.31 s, join → music off 0.12 s"; empty if no time is
  // known.
  std::string Text() const;

 private:
  // A moment on two clocks. The provider's clock and ours may differ, so two moments are compared
  // on the same clock.
  struct Moment {
    std::optional<base::Time> occurred;
    base::Time recorded;
  };
  using MaybeMoment = std::optional<Moment>;

  static Moment MomentOf(const v1::SessionEvent& event);
  static std::optional<base::Duration> Between(const MaybeMoment& from, const MaybeMoment& to);
  void ObserveLegEnd(const v1::Leg& leg, const Moment& moment);

  MaybeMoment caller_answered_;
  MaybeMoment first_audio_;
  // The callee that the events named last; an earlier callee was not reached.
  std::string callee_leg_id_;
  MaybeMoment callee_answered_;
  MaybeMoment callee_joined_;
  std::optional<base::Duration> music_off_;
  bool connected_ = false;
  bool left_ = false;
  MaybeMoment first_end_;
  std::string first_end_leg_id_;
  MaybeMoment second_end_;
};

}  // namespace callbridge::cli
