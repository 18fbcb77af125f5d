#include "tests/simulation/commit_rules.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/util/message_differencer.h>

#include <string>
#include <vector>

#include "server/flow/step.h"
#include "tests/history/session_rules.h"

namespace callbridge::simulation {
namespace {

using google::protobuf::util::MessageDifferencer;
using internal::v1::Leg;
using internal::v1::Session;
using v1::SessionEvent;

class CommitCheck {
 public:
  CommitCheck(const WatchedSession& before, const store::SessionCommit& commit, base::Time now,
              Violations& violations)
      : before_(before), commit_(commit), now_(now), violations_(violations) {}

  void Run() {
    Expect(6, commit_.expected_revision == before_.revision,
           absl::StrCat("a commit from revision ", commit_.expected_revision, " at revision ",
                        before_.revision));
    CheckInputs();
    CheckSequences();
    CheckEnd();
    CheckLegs();
    CheckFold();
    for (const internal::v1::Command& command : commit_.commands) {
      Expect(15, command.session_id() == commit_.session_id, "a command of another session");
    }
  }

 private:
  void Expect(int invariant, bool holds, const std::string& text) {
    if (!holds) violations_.Add(now_, invariant, absl::StrCat(before_.session_id, ": ", text));
  }

  // What has left is known before anything else: otherwise a step could take back what is in
  // flight.
  void CheckInputs() {
    bool others = false;
    for (const store::ConsumedInput& consumed : commit_.consumed) {
      const bool taken = consumed.input.has_command_taken();
      // What the commit itself takes leaves after all of it.
      if (taken && consumed.input_id == 0) continue;
      Expect(16, !taken || !others, "an input was stepped before the news of a command that left");
      others |= !taken;
    }
  }

  void CheckSequences() {
    std::int32_t sequence = static_cast<std::int32_t>(before_.events.size());
    for (const SessionEvent& event : commit_.events) {
      ++sequence;
      Expect(3, event.sequence() == sequence,
             absl::StrCat("event ", event.sequence(), " where ", sequence, " follows"));
      Expect(3, event.session_id() == commit_.session_id, "an event of another session");
    }
    Expect(27, commit_.session.sequence() >= sequence, "the session is older than its events");
  }

  void CheckEnd() {
    const bool decided = before_.session.has_outcome() && before_.ending_time;
    Expect(4,
           !decided ||
               MessageDifferencer::Equals(before_.session.outcome(), commit_.session.outcome()),
           "the outcome changed after SessionEnding");
    int endings = before_.ending_time ? 1 : 0;
    bool ended = before_.ended();
    for (const SessionEvent& event : commit_.events) {
      Expect(4, !ended || history::MayFollowTheEnd(event), "an event follows SessionEnded");
      ended = ended || event.has_session_ended();
      endings += event.has_session_ending() ? 1 : 0;
      if (event.has_session_ending()) CheckOutcome(event.session_ending().outcome());
    }
    Expect(4, endings <= 1, "a second SessionEnding");
    Expect(4, !commit_.session.has_ended() || endings == 1, "an end without SessionEnding");
  }

  void CheckOutcome(const v1::Outcome& outcome) {
    const bool connected = commit_.session.has_connect_time();
    const bool completed = outcome.result() == v1::Outcome::RESULT_COMPLETED;
    Expect(1, outcome.result() != v1::Outcome::RESULT_UNSPECIFIED, "an outcome without a result");
    Expect(1, outcome.reason() != v1::END_REASON_UNSPECIFIED, "an outcome without a reason");
    Expect(1, !outcome.summary().empty(), "an outcome without a sentence");
    Expect(1, connected == completed, "connected and COMPLETED do not go together");
  }

  void CheckLegs() {
    for (const Leg& was : before_.session.legs()) {
      const Leg* now = nullptr;
      for (const Leg& leg : commit_.session.legs()) {
        if (leg.leg_id() == was.leg_id()) now = &leg;
      }
      // A callee's leg whose dial never left is forgotten with the dial.
      const bool unsent = was.role() == v1::Leg::ROLE_CALLEE && !was.has_sent_time();
      Expect(kUnnumbered, now != nullptr || unsent,
             absl::StrCat("leg ", was.leg_id(), " is forgotten"));
      if (now == nullptr) continue;
      Expect(kUnnumbered, now->state() >= was.state(),
             absl::StrCat("the state of leg ", was.leg_id(), " fell"));
      Expect(kUnnumbered, was.call_id().empty() || now->call_id() == was.call_id(),
             absl::StrCat("leg ", was.leg_id(), " is another call now"));
    }
  }

  // The session is what its inputs make of it, and nothing else.
  void CheckFold() {
    Session session = before_.session;
    session.set_session_id(commit_.session_id);
    std::vector<SessionEvent> events;
    std::size_t commands = 0;
    for (const store::ConsumedInput& consumed : commit_.consumed) {
      const internal::v1::Transition transition = flow::Step(session, consumed.input);
      session = transition.session();
      events.insert(events.end(), transition.events().begin(), transition.events().end());
      commands += static_cast<std::size_t>(transition.commands_size());
    }
    Expect(5, session.SerializeAsString() == commit_.session.SerializeAsString(),
           "the stored session is not the fold of its inputs");
    Expect(5, events.size() == commit_.events.size(), "events that no step appended");
    for (std::size_t i = 0; i < events.size() && i < commit_.events.size(); ++i) {
      Expect(5, MessageDifferencer::Equals(events[i], commit_.events[i]),
             absl::StrCat("event ", events[i].sequence(), " is not what the step appended"));
    }
    Expect(15, commands == commit_.commands.size(), "commands that no step issued");
  }

  const WatchedSession& before_;
  const store::SessionCommit& commit_;
  const base::Time now_;
  Violations& violations_;
};

}  // namespace

void CheckCommit(const WatchedSession& before, const store::SessionCommit& commit, base::Time now,
                 Violations& violations) {
  CommitCheck(before, commit, now, violations).Run();
}

}  // namespace callbridge::simulation
