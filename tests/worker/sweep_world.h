// The worker's world with a sweep in it: a scripted provider that lists and hangs up, a pace of the
// sweep's own, and sessions that are as the test put them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/worker/sweep.h"
#include "tests/worker/listed.h"
#include "tests/worker/scripted_provider.h"
#include "tests/worker/world.h"

namespace callbridge::worker {

inline constexpr base::Duration kInterval = std::chrono::minutes(5);

class SweepTest : public WorkerTest {
 protected:
  SweepTest() {
    flow_ = [this](const internal::v1::Input& input, internal::v1::Transition& transition) {
      if (!input.has_start_bridge()) return;
      *transition.mutable_session() = sessions_.at(transition.session().session_id());
      // As the flow: what still pursues something has a time to wake at.
      if (transition.session().timers_size() > 0) {
        *transition.mutable_wake_time() = base::ToTimestamp(kStart + std::chrono::hours(8));
      }
      Tell(transition, transition.session().has_ended() ? callbridge::v1::Session::STATE_ENDED
                                                        : callbridge::v1::Session::STATE_CONNECTED);
    };
    Sweeping({});
  }

  void Sweeping(SweepOptions options) {
    options.service_id = "test";
    if (options.accounts.empty()) options.accounts = {"default"};
    sweep_ = std::make_unique<Sweep>(*store_, scripted_, scripted_, sweep_pace_, clock_, options);
    worker_ = MakeWorker({}, sweep_.get());
  }

  // A session that talks, with one leg.
  static internal::v1::Session Talking(const std::string& session_id, const std::string& call_id) {
    internal::v1::Session session;
    session.set_session_id(session_id);
    session.mutable_connected();
    session.mutable_settings()->set_account("default");
    internal::v1::Leg& leg = AddLeg(session, "caller", call_id);
    *leg.mutable_create_time() = base::ToTimestamp(kStart);
    return session;
  }

  void Put(const internal::v1::Session& session) {
    sessions_[session.session_id()] = session;
    Begin(session.session_id());
    ASSERT_TRUE(Settle());
  }

  std::vector<std::string> AskedAfter(base::Duration duration) {
    RunFor(duration);
    return scripted_.Asked();
  }

  // The sweep's own commands are no business of the test's worker.
  class AnyPace final : public provider::Pace {
   public:
    std::optional<base::Time> TryTake(const internal::v1::Command& command,
                                      base::Time now) override {
      taken.push_back(command.action_case());
      if (closed_until > now) return closed_until;
      return std::nullopt;
    }
    void GiveBack(const internal::v1::Command&) override {}
    void Observe(const internal::v1::Command&, const internal::v1::CommandResult& result,
                 base::Time) override {
      observed.push_back(result.verdict());
    }
    base::Time closed_until{};
    std::vector<internal::v1::Command::ActionCase> taken;
    std::vector<internal::v1::CommandResult::Verdict> observed;
  };

  ScriptedProvider scripted_;
  AnyPace sweep_pace_;
  std::map<std::string, internal::v1::Session> sessions_;
  std::unique_ptr<Sweep> sweep_;
};

}  // namespace callbridge::worker
