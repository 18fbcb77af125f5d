#include "tests/api/story.h"

#include <absl/strings/str_format.h>

#include <utility>
#include <vector>

#include "server/base/check.h"
#include "server/store/memory/memory_store.h"

namespace callbridge::tests {

using base::Check;

base::Time StoryStart() {
  using std::chrono::sys_days;
  return sys_days(std::chrono::year(2026) / 1 / 15) + std::chrono::hours(12);
}

std::string SessionName(int number) {
  return absl::StrFormat("s_01KEZZZZZZZZZZZZZZZZZZ%04d", number);
}

Story::Story() : store_(store::MakeMemoryStore()), clock_(StoryStart()) {}

void Story::Begin(const std::string& session_id, const Labels& labels) {
  store::NewInput input;
  input.input.mutable_end_session();
  *input.input.mutable_receive_time() = base::ToTimestamp(clock_.Now());
  input.session_id = session_id;
  input.creates_session_id = session_id;
  const auto appended = store_->AppendInputs({input}, clock_.Now());
  Check(appended.ok() && appended->front().input_id != 0, "the session's first input is stored");

  Chapter& chapter = chapters_[session_id];
  chapter.session.set_session_id(session_id);
  chapter.session.mutable_connected();
  *chapter.session.mutable_create_time() = base::ToTimestamp(clock_.Now());
  chapter.labels = labels;
  for (const auto& [key, value] : labels) {
    internal::v1::KeyValue& label = *chapter.session.add_labels();
    label.set_key(key);
    label.set_value(value);
  }
  store::SessionCommit commit;
  store::ConsumedInput consumed;
  consumed.input_id = appended->front().input_id;
  consumed.input = input.input;
  commit.consumed.push_back(consumed);
  v1::SessionEvent event = NextEvent(chapter, v1::SessionEvent::DETAIL_MILESTONE);
  event.mutable_session_started();
  commit.events.push_back(std::move(event));
  Commit(chapter, std::move(commit));
}

void Story::Tell(const std::string& session_id, v1::SessionEvent::Detail detail) {
  Chapter& chapter = chapters_.at(session_id);
  store::SessionCommit commit;
  v1::SessionEvent event = NextEvent(chapter, detail);
  event.mutable_music_started()->set_run_number(event.sequence());
  commit.events.push_back(std::move(event));
  Commit(chapter, std::move(commit));
}

void Story::TellMany(const std::string& session_id, int count, std::size_t bytes) {
  Chapter& chapter = chapters_.at(session_id);
  store::SessionCommit commit;
  for (int i = 0; i < count; ++i) {
    v1::SessionEvent event = NextEvent(chapter, v1::SessionEvent::DETAIL_NORMAL);
    event.mutable_state_corrected()->set_found(std::string(bytes, 'x'));
    commit.events.push_back(std::move(event));
  }
  Commit(chapter, std::move(commit));
}

void Story::Record(const std::string& session_id) {
  Chapter& chapter = chapters_.at(session_id);
  internal::v1::Recordings& recordings = *chapter.session.mutable_recordings();
  recordings.set_last_recording(recordings.last_recording() + 1);
  internal::v1::Recorder& recorder = *recordings.add_recorders();
  recorder.set_shown(true);
  recorder.mutable_recording()->set_recording_id(
      absl::StrFormat("%s/%d", session_id, recordings.last_recording()));
  Commit(chapter, store::SessionCommit{});
}

void Story::Refuse(const std::string& session_id) {
  Chapter& chapter = chapters_.at(session_id);
  internal::v1::Leg& caller = *chapter.session.add_legs();
  caller.set_leg_id("caller");
  caller.set_role(v1::Leg::ROLE_CALLER);
  caller.set_state(v1::Leg::STATE_ANSWERED);
  caller.set_membership(internal::v1::Leg::MEMBERSHIP_IN);
  v1::NoticeEvidence& evidence = *caller.mutable_notice()->mutable_evidence();
  evidence.set_leg_id("caller");
  evidence.set_attempt(1);
  evidence.set_result(v1::NoticeEvidence::RESULT_REFUSED);
  Commit(chapter, store::SessionCommit{});
}

void Story::End(const std::string& session_id) {
  Chapter& chapter = chapters_.at(session_id);
  chapter.session.mutable_ended();
  chapter.session.set_ended_sequence(chapter.session.sequence() + 1);
  *chapter.session.mutable_end_time() = base::ToTimestamp(clock_.Now());
  store::SessionCommit commit;
  v1::SessionEvent event = NextEvent(chapter, v1::SessionEvent::DETAIL_MILESTONE);
  event.set_state(v1::Session::STATE_ENDED);
  event.mutable_session_ended();
  commit.events.push_back(std::move(event));
  Commit(chapter, std::move(commit));
}

void Story::Name(const std::string& session_id, const std::string& request_id) {
  Chapter& chapter = chapters_.at(session_id);
  chapter.session.set_request_id(request_id);
  Commit(chapter, store::SessionCommit{});
}

int Story::sequence(const std::string& session_id) const {
  return chapters_.at(session_id).session.sequence();
}

v1::SessionEvent Story::NextEvent(Chapter& chapter, v1::SessionEvent::Detail detail) {
  internal::v1::Session& session = chapter.session;
  session.set_sequence(session.sequence() + 1);
  v1::SessionEvent event;
  event.set_session_id(session.session_id());
  event.set_sequence(session.sequence());
  event.set_event_id(absl::StrFormat("%s/%d", session.session_id(), session.sequence()));
  event.set_state(v1::Session::STATE_CONNECTED);
  event.set_detail(detail);
  event.mutable_previous()->set_milestone(session.last_milestone());
  event.mutable_previous()->set_normal(session.last_normal());
  if (detail <= v1::SessionEvent::DETAIL_MILESTONE) session.set_last_milestone(session.sequence());
  if (detail <= v1::SessionEvent::DETAIL_NORMAL) session.set_last_normal(session.sequence());
  *event.mutable_record_time() = base::ToTimestamp(clock_.Now());
  event.mutable_labels()->insert(chapter.labels.begin(), chapter.labels.end());
  return event;
}

void Story::Commit(Chapter& chapter, store::SessionCommit commit) {
  commit.session_id = chapter.session.session_id();
  commit.expected_revision = chapter.revision++;
  commit.session = chapter.session;
  const auto statuses = store_->Commit({commit}, clock_.Now());
  Check(statuses.ok(), "the store in memory does not fail");
  Check(statuses->front().ok(), statuses->front().ToString().c_str());
}

}  // namespace callbridge::tests
