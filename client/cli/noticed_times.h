// The four times of a session that the people in the call notice, worked out from its events. Each
// is absent unless both of its ends are known; nothing is estimated.
#pragma once

#include <optional>
#include <string>

#include "callbridge/v1/event.pb.h"
#include "server/base/time.h"

namespace callbridge::cli {

class NoticedTimes {
 public:
  // Events in the order of sequence, from the first on.
  void Observe(const v1::SessionEvent& event);

  // The caller answered (or was answered) → the first prompt or music began.
  std::optional<base::Duration> answer_to_audio() const;
  // The callee's answer was learned → the music was off.
  std::optional<base::Duration> join_to_music_off() const;
  // The callee answered → it was in the conference.
  std::optional<base::Duration> answer_to_join() const;
  // One hung up after talking → the other's leg was over.
  std::optional<base::Duration> leave_to_hang_up() const;

  // "answer → first audio 0.31 s, join → music off 0.12 s"; empty when none is known.
  std::string Text() const;

 private:
  // The provider's clock and ours may differ, so two moments are compared on one of them.
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
  // Of the callee heard of last: an earlier one did not get through.
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
