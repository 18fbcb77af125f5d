#include "tests/volume/crowd.h"

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/flow/step.h"
#include "server/store/memory/memory_store.h"
#include "tests/flow/samples.h"
#include "tests/flow/scenario.h"

namespace callbridge::volume {
namespace {

using internal::v1::CallFacts;
using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::ParticipantFacts;
using internal::v1::Session;
using internal::v1::Timer;

constexpr std::chrono::milliseconds kAnswerTime{200};
constexpr int kCommitsAtOnce = 200;

constexpr char kTalk[] = "s_TALK";

std::string TalkName(int number) { return absl::StrCat(kTalk, number); }

// Two who are connected, without a sound.
Session OneTalk() {
  flow::Scenario scenario;
  flow::PlayAll(scenario, {"incoming-call silent", "does 1", "does 2", "does 3",
                           "PARTICIPANT_JOINED caller", "does 4", "PARTICIPANT_JOINED callee-1"});
  EXPECT_TRUE(scenario.session().has_connected());
  return scenario.session();
}

CommandResult AnswerTo(const Command& command) {
  CommandResult result;
  result.set_number(command.number());
  result.set_attempt(command.attempt());
  result.set_verdict(CommandResult::VERDICT_DONE);
  result.set_http_status(200);
  result.set_complete(true);
  if (command.has_look_at_call()) {
    CallFacts& call = *result.add_calls();
    call.set_call_id(command.look_at_call().call_id());
    call.set_state(CallFacts::STATE_ESTABLISHED);
  }
  if (command.has_create_conference()) {
    result.add_conferences()->set_conference_id(
        absl::StrCat("conference-of-", command.session_id()));
  }
  if (command.has_look_at_conference()) {
    const std::string& id = command.look_at_conference().conference_id();
    auto& conference = *result.add_conferences();
    conference.set_conference_id(id);
    for (const char* leg : {"caller", "callee-1"}) {
      ParticipantFacts& participant = *conference.add_participants();
      participant.set_call_id(absl::StrCat(leg, "-of-", id));
      participant.set_state(ParticipantFacts::STATE_JOINED);
    }
  }
  return result;
}

}  // namespace

void PatientProvider::Send(const Command& command, base::Time /*send_by*/, Done done) {
  sent.push_back({command, clock_.Now()});
  answers_.emplace(clock_.Now() + kAnswerTime,
                   [command, done = std::move(done)] { done(AnswerTo(command)); });
}

void PatientProvider::DeliverDue() {
  while (!answers_.empty() && answers_.begin()->first <= clock_.Now()) {
    const std::function<void()> answer = std::move(answers_.begin()->second);
    answers_.erase(answers_.begin());
    answer();
  }
}

std::optional<base::Time> PatientProvider::NextTime() const {
  if (answers_.empty()) return std::nullopt;
  return answers_.begin()->first;
}

Crowd::Crowd(int talks, const std::function<base::Duration(int)>& looks_due)
    : clock_(flow::Scenario().now() + std::chrono::hours(1)), store_(store::MakeMemoryStore()) {
  AddTalks(talks, looks_due);
  pace_ = provider::MakePace({{"default", {}}}, clock_.Now());
  worker_ = std::make_unique<worker::Worker>(*store_, provider_, *pace_, clock_, flow::Step);
  worker_->SetWake([this] { woken_ = true; });
}

void Crowd::AddTalks(int talks, const std::function<base::Duration(int)>& looks_due) {
  const Session pattern = OneTalk();
  for (int first = 0; first < talks; first += kCommitsAtOnce) {
    std::vector<store::NewInput> inputs;
    std::vector<store::SessionCommit> commits;
    for (int number = first; number < std::min(talks, first + kCommitsAtOnce); ++number) {
      store::SessionCommit& commit = commits.emplace_back();
      commit.session_id = TalkName(number);
      commit.session = pattern;
      Session& session = commit.session;
      session.set_session_id(commit.session_id);
      session.mutable_settings()->set_account("default");
      session.clear_timers();
      const std::string conference = absl::StrCat("conference-of-", commit.session_id);
      session.mutable_conference()->set_conference_id(conference);
      for (internal::v1::Leg& leg : *session.mutable_legs()) {
        leg.set_call_id(absl::StrCat(leg.leg_id(), "-of-", conference));
      }
      const base::Time due = clock_.Now() + looks_due(number);
      Timer& look = *session.add_timers();
      look.set_kind(Timer::KIND_PHASE_LOOK);
      *look.mutable_due_time() = base::ToTimestamp(due);
      session.set_sequence(0);
      commit.wake_time = due;
      store::NewInput& input = inputs.emplace_back();
      input.session_id = commit.session_id;
      input.creates_session_id = commit.session_id;
      input.input.mutable_start_bridge();
    }
    const auto appended = store_->AppendInputs(inputs, clock_.Now());
    ASSERT_TRUE(appended.ok()) << appended.status();
    for (std::size_t index = 0; index < commits.size(); ++index) {
      store::ConsumedInput& consumed = commits[index].consumed.emplace_back();
      consumed.input_id = (*appended)[index].input_id;
    }
    const auto committed = store_->Commit(commits, clock_.Now());
    ASSERT_TRUE(committed.ok()) << committed.status();
    for (const absl::Status& status : *committed) ASSERT_TRUE(status.ok()) << status;
  }
}

void Crowd::Run(base::Duration duration) {
  const base::Time end = clock_.Now() + duration;
  while (true) {
    provider_.DeliverDue();
    woken_ = false;
    const absl::StatusOr<base::Time> round = worker_->RunOnce();
    ASSERT_TRUE(round.ok()) << round.status();
    base::Time next = woken_ ? clock_.Now() : *round;
    if (const auto answer = provider_.NextTime()) next = std::min(next, *answer);
    if (next <= clock_.Now()) continue;
    if (next > end) break;
    clock_.Set(next);
  }
  clock_.Set(end);
}

std::string Crowd::Call() {
  store::NewInput input;
  input.session_id = absl::StrCat("s_CALL", calls_.size());
  input.creates_session_id = input.session_id;
  internal::v1::IncomingCall& call = *input.input.mutable_incoming_call();
  call = flow::RoutedCall();
  call.mutable_settings()->set_account("default");
  call.mutable_event()->set_call_id(absl::StrCat("call-of-", input.session_id));
  *input.input.mutable_receive_time() = base::ToTimestamp(clock_.Now());
  EXPECT_TRUE(store_->AppendInputs({input}, clock_.Now()).ok());
  calls_[input.session_id] = clock_.Now();
  return input.session_id;
}

std::optional<base::Duration> Crowd::AnsweredAfter(const std::string& session_id) const {
  for (const PatientProvider::Sent& sent : provider_.sent) {
    if (sent.command.session_id() == session_id && sent.command.has_answer_call()) {
      return sent.time - calls_.at(session_id);
    }
  }
  return std::nullopt;
}

void Crowd::EndTalk(int number) {
  store::NewInput input;
  input.session_id = TalkName(number);
  input.input.mutable_end_session()->set_reason("test");
  *input.input.mutable_receive_time() = base::ToTimestamp(clock_.Now());
  EXPECT_TRUE(store_->AppendInputs({input}, clock_.Now()).ok());
}

std::vector<base::Time> Crowd::SentTimes(Command::ActionCase action) const {
  std::vector<base::Time> times;
  for (const PatientProvider::Sent& sent : provider_.sent) {
    const bool of_a_talk = sent.command.session_id().starts_with(kTalk);
    if (of_a_talk && sent.command.action_case() == action) times.push_back(sent.time);
  }
  return times;
}

std::vector<base::Time> Crowd::WakeTimes() {
  std::vector<base::Time> times;
  std::string place;
  do {
    const auto page = store_->ListSessions({}, place, 1'000);
    EXPECT_TRUE(page.ok()) << page.status();
    for (const Session& session : page->sessions) {
      for (const Timer& timer : session.timers()) {
        if (timer.kind() == Timer::KIND_PHASE_LOOK) {
          times.push_back(base::FromTimestamp(timer.due_time()));
        }
      }
    }
    place = page->next_place;
  } while (!place.empty());
  std::sort(times.begin(), times.end());
  return times;
}

}  // namespace callbridge::volume
