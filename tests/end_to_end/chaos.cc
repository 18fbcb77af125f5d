#include "tests/end_to_end/chaos.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <iostream>
#include <set>
#include <utility>

#include "tests/history/invariants.h"
#include "tests/history/provider_journal.h"
#include "tests/history/session_story.h"
#include "tests/history/telling.h"

namespace callbridge::end_to_end {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::IsEmpty;

constexpr seconds kEndLimit = kSessionMax + kMachineSlack;
constexpr seconds kAppearLimit{20};

// For the settings of settings_file.cc and the people of traffic.cc.
history::Bounds MakeBounds() {
  history::Bounds bounds;
  bounds.session = kSessionMax;
  bounds.alive_after_ending = seconds(12);
  bounds.dial_unknown = seconds(5);
  // The start of an instrumented server, the timers' wait after it, requests of up to 8 s that ran
  // into the outage.
  bounds.recovery = seconds(12);
  bounds.slack = seconds(3);
  return bounds;
}

// What happened, for a person.
std::string TellAll(const history::History& history) {
  std::string text;
  for (const auto& [session_id, story] : history::TellStories(history)) {
    text += history::TellSession(history, session_id);
  }
  return text;
}

}  // namespace

void Chaos::TearDown() {
  // Before the API can be asked no more.
  traffic_.clear();
  readers_.clear();
  asker_.reset();
  EndToEnd::TearDown();
}

void Chaos::BootObserved(SystemOptions options) {
  options.rates = "{dial: 6, conference: 20, other: 100}";
  Boot(std::move(options));
  outages_.clear();
  Traffic::SetPeople(provider());
  asker_ = std::make_unique<SessionAsker>(system().stub());
  const auto add = [&](history::Reader scope, EventReader::Heard heard) {
    readers_.push_back(
        std::make_unique<EventReader>(system().stub(), std::move(scope), std::move(heard)));
  };
  add({"everything", v1::SessionEvent::DETAIL_DIAGNOSTIC, {}, {}},
      [asker = asker_.get()](const v1::SessionEvent& event) { asker->Hear(event); });
  add({"labelled", v1::SessionEvent::DETAIL_NORMAL, {{Traffic::kLabel, "yes"}}, {}}, {});
  add({"milestones", v1::SessionEvent::DETAIL_MILESTONE, {}, {}}, {});
}

void Chaos::StartTraffic(Traffic::Options options) {
  traffic_.push_back(std::make_unique<Traffic>(system(), std::move(options)));
}

void Chaos::StartTrafficAfterwards() {
  StartTraffic(
      {.seed = 1, .bridges = 2, .name = "afterwards", .kinds = {Traffic::Kind::kClickToCall}});
}

void Chaos::AwaitTrafficStarted() {
  for (const auto& traffic : traffic_) traffic->AwaitStarted();
}

void Chaos::AwaitSessions(v1::Session::State state, int count) {
  v1::ListSessionsRequest request;
  request.add_states(state);
  EXPECT_TRUE(Await(system().simulator(), kAppearLimit,
                    [&] {
                      const auto listed = system().client().ListSessions(request);
                      return listed.ok() && listed->sessions_size() >= count;
                    }))
      << "no " << count << " sessions in " << v1::Session::State_Name(state);
}

void Chaos::DuringOutage(Part part, const std::function<void()>& what) {
  const base::Time begin = Now();
  what();
  outages_.push_back({begin, Now(), part == Part::kProvider});
}

void Chaos::Last(milliseconds time) {
  // The simulator is the one process that no fault ends.
  ASSERT_TRUE(system().simulator().StaysAliveFor(time)) << "the simulator has died";
}

void Chaos::StartServerAgain() {
  ASSERT_NO_FATAL_FAILURE(system().StartServer());
  // A channel that found nobody tries again after a pause that grows.
  EXPECT_TRUE(Await(system().server(), kAppearLimit, [&] {
    return system().client().ListSessions({}).ok();
  })) << "the server does not answer";
}

void Chaos::KillServer(milliseconds away) {
  DuringOutage(Part::kServer, [&] {
    system().server().Kill();
    Last(away);
    StartServerAgain();
  });
}

void Chaos::KillIngress(milliseconds away) {
  DuringOutage(Part::kIngress, [&] {
    system().ingress().Kill();
    Last(away);
    ASSERT_NO_FATAL_FAILURE(system().StartIngress());
  });
}

void Chaos::Pause(Part part, milliseconds time) {
  ChildProcess& process = part == Part::kServer    ? system().server()
                          : part == Part::kIngress ? system().ingress()
                                                   : system().simulator();
  DuringOutage(part, [&] {
    process.Signal(SIGSTOP);
    Last(time);
    process.Signal(SIGCONT);
  });
}

void Chaos::AwaitAllEnded() {
  v1::ListSessionsRequest request;
  for (const auto state :
       {v1::Session::STATE_OFFERED, v1::Session::STATE_PREPARING, v1::Session::STATE_GREETING,
        v1::Session::STATE_RINGING, v1::Session::STATE_JOINING, v1::Session::STATE_CONNECTED,
        v1::Session::STATE_APOLOGIZING, v1::Session::STATE_ENDING}) {
    request.add_states(state);
  }
  std::string left;
  EXPECT_TRUE(Await(system().simulator(), kEndLimit,
                    [&] {
                      // A call of the traffic has no session until its first webhook is taken.
                      left = "unknown: a call lives, or a webhook has not been taken";
                      if (!system().EveryCallIsKnownAndOver()) return false;
                      const auto listed = system().client().ListSessions(request);
                      left = listed.ok() ? listed->ShortDebugString() : listed.status().ToString();
                      return listed.ok() && listed->sessions().empty();
                    }))
      << "sessions that do not end: " << left;
}

history::History Chaos::Collect() {
  history::History history;
  for (const auto& traffic : traffic_) traffic->MoveInto(history);
  for (const auto& reader : readers_) history.readers.push_back(reader->Finish());
  for (history::SessionLook& look : asker_->Finish()) history.looks.push_back(std::move(look));
  EXPECT_TRUE(history::ReadRequests(provider().Requests(), history).ok());
  EXPECT_TRUE(history::ReadState(provider().State().text, history).ok());
  EXPECT_TRUE(history::ReadWebhooks(provider().Webhooks(), history).ok());
  history.outages = std::exchange(outages_, {});
  history.collected = Now();
  history.bounds = MakeBounds();
  history.rates = {{"dial", 6}, {"create-conference", 20}, {"", 100}};
  for (const char* did : {kAnsweredDid, kUnansweredDid, kBusyDid, kOfferedDid}) {
    history.taken_numbers.insert(std::string(did).substr(1));
  }
  traffic_.clear();
  readers_.clear();
  asker_.reset();
  return history;
}

history::History Chaos::SettleAndJudge(bool expect_lawful_requests) {
  AwaitTrafficStarted();
  AwaitAllEnded();
  system().ExpectNothingLeft(expect_lawful_requests);
  history::History history = Collect();
  EXPECT_THAT(history::CheckHistory(history), IsEmpty());
  if (HasFailure()) std::cerr << TellAll(history);
  // That there was something to judge.
  std::set<std::string> sessions;
  for (const v1::SessionEvent& event : history.readers.at(0).events) {
    sessions.insert(event.session_id());
  }
  EXPECT_GE(sessions.size(), 3U);
  RecordProperty("sessions", static_cast<int>(sessions.size()));
  RecordProperty("requests", static_cast<int>(history.requests.size()));
  RecordProperty("looks", static_cast<int>(history.looks.size()));
  return history;
}

int Chaos::CountResults(const history::History& history, v1::Outcome::Result result) {
  int count = 0;
  for (const v1::SessionEvent& event : history.readers.at(0).events) {
    if (event.has_session_ended() && event.session_ended().session().outcome().result() == result) {
      ++count;
    }
  }
  return count;
}

}  // namespace callbridge::end_to_end
