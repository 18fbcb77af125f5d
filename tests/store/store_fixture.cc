#include "tests/store/store_fixture.h"

#include <google/protobuf/descriptor.h>

#include <cstdlib>
#include <filesystem>

#include "server/store/memory/memory_store.h"
#include "server/store/sqlite/sqlite_store.h"

namespace callbridge::store {

TemporaryFolder::TemporaryFolder(const std::string& parent) {
  path_ = parent + "callbridge_store_XXXXXX";
  if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "cannot make a folder like " << path_;
}

TemporaryFolder::~TemporaryFolder() { std::filesystem::remove_all(path_); }

void StoreTest::SetUp() {
  if (GetParam() == "memory") store_ = MakeMemoryStore();
  Reopen();
}

void StoreTest::Reopen() {
  if (GetParam() != "sqlite") return;
  store_.reset();
  auto opened = OpenSqliteStore(folder_.File("store"));
  ASSERT_TRUE(opened.ok()) << opened.status();
  store_ = std::move(*opened);
}

Appended StoreTest::Append(const NewInput& input) {
  auto appended = store_->AppendInputs({input}, now_);
  if (!appended.ok()) {
    ADD_FAILURE() << appended.status();
    return {};
  }
  return appended->front();
}

void StoreTest::Begin(const std::string& session_id, const std::string& request_id) {
  EXPECT_EQ(Append(StartRequest(session_id, request_id)).result, Appended::Result::kStored);
}

void StoreTest::Run(const std::string& session_id, const std::string& request_id) {
  Begin(session_id, request_id);
  SessionCommit commit = StepOf(Load(session_id));
  commit.session.set_request_id(request_id);
  *commit.session.mutable_create_time() = base::ToTimestamp(now_);
  AddEvent(commit);
  EXPECT_TRUE(Commit(commit).ok());
}

DueSession StoreTest::Load(const std::string& session_id) {
  auto found = store_->NextSessions(now_, 1000, true);
  EXPECT_TRUE(found.ok()) << found.status();
  for (const DueSession& work : *found) {
    if (work.session_id == session_id) return work;
  }
  ADD_FAILURE() << "session " << session_id << " has nothing to do";
  return {};
}

std::vector<std::string> StoreTest::Waiting(bool include_timers) {
  auto found = store_->NextSessions(now_, 1000, include_timers);
  EXPECT_TRUE(found.ok()) << found.status();
  std::vector<std::string> ids;
  for (const DueSession& work : *found) ids.push_back(work.session_id);
  return ids;
}

absl::Status StoreTest::Commit(const SessionCommit& commit) {
  auto statuses = store_->Commit({commit}, now_);
  return statuses.ok() ? statuses->front() : statuses.status();
}

void StoreTest::Change(const std::string& session_id,
                       const std::function<void(SessionCommit&)>& change) {
  Append(HintedEvent(session_id));
  SessionCommit commit = StepOf(Load(session_id));
  change(commit);
  ASSERT_TRUE(Commit(commit).ok());
}

void StoreTest::End(const std::string& session_id) {
  EXPECT_EQ(Append(CallEvent("none-" + session_id)).result, Appended::Result::kParked);
  NewInput input;
  input.session_id = session_id;
  input.input.mutable_end_session();
  EXPECT_EQ(Append(input).result, Appended::Result::kStored);
  SessionCommit commit = StepOf(Load(session_id));
  commit.session.mutable_ended();
  *commit.session.mutable_end_time() = base::ToTimestamp(now_);
  *commit.session.mutable_settings()->mutable_retention() =
      base::ToProtoDuration(std::chrono::hours(1));
  commit.session.mutable_outcome()->set_result(callbridge::v1::Outcome::RESULT_CANCELLED);
  AddEvent(commit, callbridge::v1::Session::STATE_ENDED);
  EXPECT_TRUE(Commit(commit).ok());
}

std::vector<std::string> StoreTest::InputsOf(const std::string& session_id) {
  std::vector<std::string> kinds;
  auto found = store_->NextSessions(now_, 1000, false);
  EXPECT_TRUE(found.ok()) << found.status();
  for (const DueSession& work : *found) {
    if (work.session_id != session_id) continue;
    for (const WaitingInput& waiting : work.inputs) {
      const auto* field =
          internal::v1::Input::descriptor()->FindFieldByNumber(waiting.input.input_case());
      kinds.push_back(field == nullptr ? "none" : field->name());
    }
  }
  return kinds;
}

NewInput CallEvent(const std::string& call_id) {
  NewInput input;
  input.call_id = call_id;
  input.input.mutable_provider_event()->set_call_id(call_id);
  return input;
}

NewInput ConferenceEvent(const std::string& conference_id) {
  NewInput input;
  input.conference_id = conference_id;
  input.input.mutable_provider_event()->set_conference_id(conference_id);
  return input;
}

NewInput HintedEvent(const std::string& session_id) {
  NewInput input;
  input.session_hint = session_id;
  input.input.mutable_provider_event();
  return input;
}

NewInput StartRequest(const std::string& session_id, const std::string& request_id) {
  NewInput input;
  input.session_id = session_id;
  input.creates_session_id = session_id;
  input.request_id = request_id;
  input.request_digest = "digest of " + request_id;
  input.input.mutable_start_bridge()->set_request_id(request_id);
  return input;
}

SessionCommit StepOf(const DueSession& work) {
  SessionCommit commit;
  commit.session_id = work.session_id;
  commit.expected_revision = work.revision;
  commit.session = work.session;
  commit.session.set_session_id(work.session_id);
  if (commit.session.phase_case() == internal::v1::Session::PHASE_NOT_SET) {
    commit.session.mutable_greeting();
  }
  for (const WaitingInput& waiting : work.inputs) {
    ConsumedInput consumed;
    consumed.input_id = waiting.input_id;
    consumed.input = waiting.input;
    commit.consumed.push_back(std::move(consumed));
  }
  return commit;
}

void AddEvent(SessionCommit& commit, callbridge::v1::Session::State state) {
  const int sequence = commit.session.sequence() + 1;
  commit.session.set_sequence(sequence);
  callbridge::v1::SessionEvent event;
  event.set_session_id(commit.session_id);
  event.set_sequence(sequence);
  event.set_state(state);
  commit.events.push_back(std::move(event));
}

internal::v1::Command DialCommand(const std::string& session_id, int number, int attempt) {
  internal::v1::Command command;
  command.set_session_id(session_id);
  command.set_number(number);
  command.set_attempt(attempt);
  command.mutable_dial_leg();
  return command;
}

internal::v1::Command HangUpCommand(const std::string& session_id, int number, int attempt) {
  internal::v1::Command command = DialCommand(session_id, number, attempt);
  command.mutable_hang_up_call();
  return command;
}

internal::v1::CommandResult ResultOf(const internal::v1::Command& command,
                                     internal::v1::CommandResult::Verdict verdict) {
  internal::v1::CommandResult result;
  result.set_number(command.number());
  result.set_attempt(command.attempt());
  result.set_verdict(verdict);
  return result;
}

CommandKey KeyOf(const internal::v1::Command& command) {
  return {
      .session_id = command.session_id(), .number = command.number(), .attempt = command.attempt()};
}

std::vector<int> Numbers(const std::vector<internal::v1::Command>& commands) {
  std::vector<int> numbers;
  for (const internal::v1::Command& command : commands) numbers.push_back(command.number());
  return numbers;
}

std::string EngineName(const testing::TestParamInfo<std::string>& info) { return info.param; }

}  // namespace callbridge::store
