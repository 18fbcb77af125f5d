#include "server/flow/deadlines.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "server/flow/conference_facts.h"
#include "server/flow/dialing.h"
#include "server/flow/legs.h"
#include "server/flow/recording_facts.h"

namespace callbridge::flow {
namespace {

bool IsDerived(Timer::Kind kind) {
  return kind == Timer::KIND_OFFER || kind == Timer::KIND_DIAL_QUEUE ||
         kind == Timer::KIND_RING_VERDICT || kind == Timer::KIND_MAX_DURATION;
}

// True if the person may still answer this telephone.
bool IsRinging(const Leg& leg) {
  return leg.has_ring_end_time() && !IsAnswered(leg) && !IsEnded(leg);
}

// True if the phase waits for the person to answer. After a leg has left, the phase waits only for
// the reason.
bool IsAwaited(const Session& session, const Leg& leg) {
  return IsRinging(leg) && !IsGone(leg) && AwaitsAnswerOf(session, leg);
}

class Deadlines {
 public:
  explicit Deadlines(Orders& orders) : orders_(orders) {
    const Session& session = orders.session();
    if (session.has_offered()) {
      Add(Timer::KIND_OFFER, "", base::FromTimestamp(session.offered().expire_time()));
    }
    AddOfDials();
    for (const Leg& leg : session.legs()) {
      if (!IsAwaited(session, leg)) continue;
      Add(Timer::KIND_RING_VERDICT, leg.leg_id(),
          base::FromTimestamp(leg.ring_end_time()) +
              base::FromProtoDuration(orders.timing().ring_verdict()));
    }
    if (session.has_announcing() || session.has_connected()) {
      Add(Timer::KIND_MAX_DURATION, "",
          base::FromTimestamp(session.connect_time()) +
              base::FromProtoDuration(session.plan().max_duration()));
    }
  }

  const std::vector<Timer>& all() const { return all_; }

  bool Holds(const Timer& timer) const {
    return std::any_of(all_.begin(), all_.end(), [&timer](const Timer& one) {
      return one.kind() == timer.kind() && one.subject() == timer.subject();
    });
  }

 private:
  void Add(Timer::Kind kind, std::string_view subject, Time due) {
    Timer& timer = all_.emplace_back();
    timer.set_kind(kind);
    timer.set_subject(std::string(subject));
    *timer.mutable_due_time() = base::ToTimestamp(due);
  }

  // Adds the last moment of each dial that waits or is held. A dial leaves before it or never, and
  // then the bridge goes on without the dial.
  void AddOfDials() {
    const Session& session = orders_.session();
    if (!session.has_dialing_caller() && !session.has_dialing_callee()) return;
    for (const OpenCommand& open : session.open_commands()) {
      const bool waits = open.status() == Command::STATUS_PENDING;
      if (!open.command().has_dial_leg() || !waits) continue;
      Add(Timer::KIND_DIAL_QUEUE, open.command().leg_id(), LastMomentOf(orders_, open));
    }
    if (!session.dialing_callee().has_held_dial()) return;
    const Command& held = session.dialing_callee().held_dial();
    Add(Timer::KIND_DIAL_QUEUE, held.leg_id(), base::FromTimestamp(held.not_after_time()));
  }

  Orders& orders_;
  std::vector<Timer> all_;
};

// True if it is unknown whether the caller's call was answered, or if a dial is held until a look
// shows the caller.
bool IsCallerLookedFor(const Session& session) {
  const Leg& caller = session.legs(0);
  const bool awaits_answer = session.has_answering_caller() && !IsAccepted(caller);
  return awaits_answer || session.dialing_callee().has_held_dial();
}

// True if it is unknown whether the conference was created, or, once the outcome is decided,
// whether two were created.
bool IsConferenceLookedFor(const Knowledge& known) {
  const OpenCommand* create = known.FindOpen(Command::kCreateConference);
  if (create != nullptr && create->status() == Command::STATUS_UNKNOWN) return true;
  return MayBeTwo(known.session()) && !IsActive(known.session());
}

bool IsConferenceHungUp(const Session& session) {
  return !IsConferenceKnown(session) && session.conference().surplus_ids_size() == 0;
}

// True if a timer that a rule has set still has a purpose.
bool MayStand(Orders& orders, const Timer& timer) {
  const Session& session = orders.session();
  const Leg* leg = FindLeg(orders, timer.subject());
  switch (timer.kind()) {
    case Timer::KIND_RING_LOOK:
      return leg != nullptr && IsRinging(*leg);
    case Timer::KIND_DIAL_LOOK:
      return leg != nullptr && leg->lost();
    case Timer::KIND_ABSENCE:
      return leg != nullptr && !IsEnded(*leg);
    case Timer::KIND_HANGUP:
      return leg == nullptr ? !IsConferenceHungUp(session) : !IsEnded(*leg);
    case Timer::KIND_CONFERENCE_GONE:
      return !session.has_outcome();
    case Timer::KIND_AUDIO:
      return leg != nullptr && IsJoined(*leg) && leg->audio().asking() && IsActive(session);
    case Timer::KIND_RECORDING: {
      const Recorder* recorder = FindRecorder(orders, timer.subject());
      return recorder != nullptr && IsActive(session) &&
             (recorder->progress() == Recorder::PROGRESS_STARTING ||
              recorder->progress() == Recorder::PROGRESS_STOPPING);
    }
    case Timer::KIND_LOOK_AGAIN:
      return leg == nullptr ? IsConferenceLookedFor(orders) : IsCallerLookedFor(session);
    default:
      return true;
  }
}

}  // namespace

void RefreshTimers(Orders& orders) {
  if (orders.session().legs_size() == 0) return;
  const Deadlines deadlines(orders);
  auto& timers = orders.timers();
  for (int i = timers.size() - 1; i >= 0; --i) {
    const Timer& timer = timers[i];
    const bool stands = IsDerived(timer.kind()) ? deadlines.Holds(timer) : MayStand(orders, timer);
    if (!stands) timers.DeleteSubrange(i, 1);
  }
  for (const Timer& deadline : deadlines.all()) {
    const auto standing =
        std::find_if(timers.begin(), timers.end(), [&deadline](const Timer& timer) {
          return timer.kind() == deadline.kind() && timer.subject() == deadline.subject();
        });
    if (standing == timers.end()) {
      *timers.Add() = deadline;
    } else if (!standing->asked()) {
      // A verdict that has asked first keeps its own time, because it falls with the answer.
      *standing = deadline;
    }
  }
}

}  // namespace callbridge::flow
