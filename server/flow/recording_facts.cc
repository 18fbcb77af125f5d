#include "server/flow/recording_facts.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>
#include <string>

#include "server/base/marks.h"
#include "server/flow/legs.h"

namespace callbridge::flow {
namespace {

using internal::v1::RecordedFile;
using v1::Recording;

// True if the recording was never asked for, because people had not heard the notice.
bool WasForbidden(const Recorder& recorder) {
  return recorder.recording().failure() == v1::RECORDING_FAILURE_NOTICE_UNPROVED ||
         recorder.recording().failure() == v1::RECORDING_FAILURE_NOTICE_REFUSED;
}

// True if the recording is of this target, so that events may tell of it.
bool IsOf(const Recorder& recorder, std::string_view leg_id) {
  return recorder.recording().leg_id() == leg_id && !WasForbidden(recorder);
}

bool HasEarlier(Knowledge& known, const Recorder& recorder) {
  for (const Recorder& other : known.session().recordings().recorders()) {
    if (other.recording().recording_id() == recorder.recording().recording_id()) return false;
    if (IsOf(other, recorder.recording().leg_id())) return true;
  }
  return false;
}

// Returns when it happened, as the provider says, or else when the service learned it.
Time OccurredAt(const Knowledge& known) {
  const ProviderEvent& event = known.input().provider_event();
  const bool told = known.input().has_provider_event() && event.has_occur_time();
  return told ? std::min(base::FromTimestamp(event.occur_time()), known.learned())
              : known.learned();
}

// Returns the recording that the facts are about: by the id in our customData, by the file, or else
// the last one of the target.
Recorder* RecorderOf(Knowledge& known, std::string_view leg_id, const RecordingFacts& facts) {
  const base::Marks marks = base::ReadMarks(facts.custom_data());
  if (!marks.recording.empty()) {
    Recorder* named = FindRecorder(known, marks.recording);
    if (named != nullptr && IsOf(*named, leg_id)) return named;
  }
  if (!facts.file_id().empty()) {
    for (Recorder& recorder : *known.recordings().mutable_recorders()) {
      if (recorder.file_id() == facts.file_id()) return &recorder;
    }
  }
  return LastRecorder(known, leg_id);
}

void OnStarted(Knowledge& known, Recorder& recorder, const RecordingFacts& facts) {
  if (!facts.file_id().empty()) recorder.set_file_id(facts.file_id());
  const bool unconfirmed =
      recorder.recording().failure() == v1::RECORDING_FAILURE_START_UNCONFIRMED;
  const bool over = recorder.progress() == Recorder::PROGRESS_OVER && !unconfirmed;
  if (over || recorder.told_on()) return known.Ignore("the recording is known to have started");
  NoteStarted(known, recorder, OccurredAt(known), false);
}

// True if the event tells of an earlier recording of the same target, whose end is known.
bool IsOfEarlier(Knowledge& known, const Recorder& recorder, Time stopped) {
  return HasEarlier(known, recorder) && stopped < base::FromTimestamp(recorder.issue_time());
}

void OnStopped(Knowledge& known, Recorder& recorder, const RecordingFacts& facts) {
  const Time stopped = facts.has_end_time()
                           ? std::min(base::FromTimestamp(facts.end_time()), known.learned())
                           : OccurredAt(known);
  const bool over = recorder.progress() == Recorder::PROGRESS_OVER &&
                    recorder.recording().failure() != v1::RECORDING_FAILURE_START_UNCONFIRMED;
  if (over || IsOfEarlier(known, recorder, stopped)) {
    return known.Ignore("the recording is known to have stopped");
  }
  // The event of its start was lost, or is still to come.
  if (!recorder.told_on()) {
    const Time started = facts.has_start_time() ? base::FromTimestamp(facts.start_time()) : stopped;
    NoteStarted(known, recorder, std::min(started, stopped), false);
  }
  NoteStopped(known, recorder, stopped, false);
}

void OnFailed(Knowledge& known, Recorder& recorder, const RecordingFacts& facts,
              v1::RecordingFailure failure) {
  const Recording& recording = recorder.recording();
  const bool told = recording.state() == Recording::STATE_READY ||
                    recording.failure() == v1::RECORDING_FAILURE_PROVIDER ||
                    recording.failure() == v1::RECORDING_FAILURE_START_REFUSED ||
                    recording.failure() == failure;
  if (told || IsOfEarlier(known, recorder, OccurredAt(known))) {
    return known.Ignore("it is known how the recording went");
  }
  v1::ProviderError error;
  error.set_description(facts.reason());
  NoteFailure(known, recorder, failure, facts.reason().empty() ? nullptr : &error);
}

bool HasFile(const Recorder& recorder, const std::string& file_id) {
  return std::any_of(recorder.recording().files().begin(), recorder.recording().files().end(),
                     [&](const v1::RecordingFile& file) { return file.file_id() == file_id; });
}

bool IsKnownFile(const Session& session, const std::string& file_id) {
  const auto& recorders = session.recordings().recorders();
  return std::any_of(recorders.begin(), recorders.end(),
                     [&](const Recorder& recorder) { return HasFile(recorder, file_id); });
}

// Returns the recording that a finished file is of. An event names none. So the last recording that
// had started before the file's own start counts, or else the first that has no file.
Recorder* RecorderOfFile(Knowledge& known, std::string_view leg_id, const RecordedFile& file) {
  const base::Marks marks = base::ReadMarks(file.custom_data());
  Recorder* found = nullptr;
  for (Recorder& recorder : *known.recordings().mutable_recorders()) {
    if (!IsOf(recorder, leg_id)) continue;
    const Recording& recording = recorder.recording();
    if (recording.recording_id() == marks.recording) return &recorder;
    if (!recorder.file_id().empty() && recorder.file_id() == file.file().file_id()) {
      return &recorder;
    }
    if (found == nullptr) found = &recorder;
    const bool before = file.has_start_time() && base::FromTimestamp(recorder.issue_time()) <=
                                                     base::FromTimestamp(file.start_time());
    const bool free = recording.files().empty() && recorder.progress() == Recorder::PROGRESS_OVER;
    if (before || (!file.has_start_time() && free && !found->recording().files().empty())) {
      found = &recorder;
    }
  }
  return found;
}

void TellReady(Knowledge& known, Recorder& recorder) {
  Recording& recording = *recorder.mutable_recording();
  recording.set_state(Recording::STATE_READY);
  recording.clear_failure();
  recording.clear_provider_error();
  recorder.set_shown(true);
  *known.EmitOfRecording().mutable_recording_ready()->mutable_recording() = recording;
}

// True if the provider could not compose the conference's file, so that files of calls count.
bool CompositionFailed(const Session& session) {
  const auto& recorders = session.recordings().recorders();
  return std::any_of(recorders.begin(), recorders.end(), [](const Recorder& recorder) {
    return recorder.recording().failure() == v1::RECORDING_FAILURE_COMPOSITION;
  });
}

// What a conference's calls recorded is only the material of the composed file. It counts if a
// composition failed, and none of the composed files is of the recording that it belongs to.
// Another recording of the same conference may have one.
bool IsOnlyCopy(Knowledge& known, const RecordingFacts& facts, const RecordedFile& file) {
  if (!CompositionFailed(known.session())) return false;
  const Recorder& recorder = *RecorderOfFile(known, {}, file);
  return std::none_of(facts.composed_files().begin(), facts.composed_files().end(),
                      [&recorder](const RecordedFile& composed) {
                        return HasFile(recorder, composed.file().file_id());
                      });
}

// Adds the file to its recording, unless it is known. changed: gets the recording's id.
void AddFile(Knowledge& known, std::string_view leg_id, const RecordingFacts& facts,
             const RecordedFile& file, std::set<std::string>& changed) {
  if (file.file().file_id().empty() || IsKnownFile(known.session(), file.file().file_id())) return;
  Recorder* recorder = RecorderOfFile(known, leg_id, file);
  v1::RecordingFile& added = *recorder->mutable_recording()->add_files();
  added = file.file();
  const Leg* leg = file.call_id().empty() ? nullptr : LegOfCall(known, file.call_id());
  added.set_leg_id(leg == nullptr ? std::string(leg_id) : leg->leg_id());
  recorder->mutable_recording()->set_incomplete(facts.incomplete() || facts.failed());
  changed.insert(recorder->recording().recording_id());
}

void OnFilesEvent(Knowledge& known, std::string_view leg_id, const ProviderEvent& event) {
  const RecordingFacts& facts = event.recording();
  if (NoteFiles(known, leg_id, facts)) return;
  Recorder* recorder = LastRecorder(known, leg_id);
  const bool nothing = facts.call_files().empty() && facts.composed_files().empty();
  if (recorder == nullptr || !facts.failed() || !nothing) {
    return known.Ignore("the event names no new file of a recording");
  }
  OnFailed(known, *recorder, facts, v1::RECORDING_FAILURE_PROVIDER);
}

}  // namespace

Recorder* FindRecorder(Knowledge& known, std::string_view recording_id) {
  if (!known.session().has_recordings()) return nullptr;
  for (Recorder& recorder : *known.recordings().mutable_recorders()) {
    if (recorder.recording().recording_id() == recording_id) return &recorder;
  }
  return nullptr;
}

Recorder* LastRecorder(Knowledge& known, std::string_view leg_id) {
  Recorder* last = nullptr;
  if (!known.session().has_recordings()) return last;
  for (Recorder& recorder : *known.recordings().mutable_recorders()) {
    if (IsOf(recorder, leg_id)) last = &recorder;
  }
  return last;
}

Recorder& AddRecorder(Knowledge& known, v1::RecordingMode mode, const Leg* leg) {
  internal::v1::Recordings& recordings = known.recordings();
  recordings.set_last_recording(recordings.last_recording() + 1);
  Recorder& recorder = *recordings.add_recorders();
  recorder.set_wish(recordings.wish());
  Recording& recording = *recorder.mutable_recording();
  recording.set_recording_id(absl::StrCat("recording-", recordings.last_recording()));
  recording.set_session_id(known.session().session_id());
  recording.set_mode(mode);
  recording.set_leg_id(leg == nullptr ? "" : leg->leg_id());
  recording.set_provider_id(leg == nullptr ? known.session().conference().conference_id()
                                           : leg->call_id());
  return recorder;
}

bool IsLive(const Recorder& recorder) { return recorder.progress() != Recorder::PROGRESS_OVER; }

bool MayHaveBegun(const Knowledge& known, const Recorder& recorder) {
  const bool only_issued = recorder.progress() == Recorder::PROGRESS_STARTING &&
                           !recorder.accepted() && !recorder.doubted();
  if (!only_issued) return true;
  const auto& open = known.session().open_commands();
  return std::any_of(open.begin(), open.end(), [&](const OpenCommand& one) {
    return one.status() == Command::STATUS_IN_FLIGHT &&
           one.command().start_recording().recording_id() == recorder.recording().recording_id();
  });
}

bool AwaitsFiles(const Recorder& recorder) {
  if (IsLive(recorder) || !recorder.recording().files().empty()) return false;
  if (WasForbidden(recorder)) return false;
  switch (recorder.recording().failure()) {
    case v1::RECORDING_FAILURE_START_REFUSED:
    case v1::RECORDING_FAILURE_PROVIDER:
    case v1::RECORDING_FAILURE_FILES_NOT_FOUND:
      return false;
    default:
      return true;
  }
}

void NoteStarted(Knowledge& known, Recorder& recorder, Time started, bool inferred) {
  Recording& recording = *recorder.mutable_recording();
  *recording.mutable_start_time() = base::ToTimestamp(started);
  recording.clear_failure();
  recording.clear_provider_error();
  recorder.set_shown(true);
  if (known.session().has_ended()) {
    recording.set_state(Recording::STATE_PROCESSING);
    return;
  }
  recording.set_state(Recording::STATE_RECORDING);
  recorder.set_told_on(true);
  // A recording that is being stopped is on until the stop is confirmed.
  if (recorder.progress() != Recorder::PROGRESS_STOPPING) {
    recorder.set_progress(Recorder::PROGRESS_ON);
    recorder.set_attempts(0);
  }
  SessionEvent& event = known.EmitOfRecording();
  if (inferred) event.set_inferred(true);
  *event.mutable_recording_started()->mutable_recording() = recording;
}

void NoteStopped(Knowledge& known, Recorder& recorder, Time stopped, bool inferred) {
  Recording& recording = *recorder.mutable_recording();
  recorder.set_progress(Recorder::PROGRESS_OVER);
  if (!recorder.told_on()) return;
  recorder.set_told_on(false);
  recording.set_state(Recording::STATE_PROCESSING);
  recording.clear_failure();
  recording.clear_provider_error();
  *recording.mutable_end_time() =
      base::ToTimestamp(std::max(stopped, base::FromTimestamp(recording.start_time())));
  SessionEvent& event = known.EmitOfRecording();
  if (inferred) event.set_inferred(true);
  *event.mutable_recording_stopped()->mutable_recording() = recording;
}

void NoteFailure(Knowledge& known, Recorder& recorder, v1::RecordingFailure failure,
                 const v1::ProviderError* error) {
  Recording& recording = *recorder.mutable_recording();
  if (failure != v1::RECORDING_FAILURE_STOP_FAILED) {
    NoteStopped(known, recorder, known.learned(), true);
    recording.set_state(Recording::STATE_FAILED);
  }
  recording.set_failure(failure);
  recording.clear_provider_error();
  if (error != nullptr) *recording.mutable_provider_error() = *error;
  recorder.set_shown(true);
  *known.EmitOfRecording().mutable_recording_failed()->mutable_recording() = recording;
}

void OnRecordingEvent(Knowledge& known, const ProviderEvent& event) {
  std::string leg_id;
  if (event.call_id().empty()) {
    if (event.conference_id() != known.session().conference().conference_id()) {
      return known.Ignore("the conference is not of this session");
    }
  } else {
    const Leg* leg = LegOfCall(known, event.call_id());
    if (leg == nullptr) return known.Ignore("no leg of this session has this call");
    leg_id = leg->leg_id();
  }
  Recorder* recorder =
      known.session().has_recordings() ? RecorderOf(known, leg_id, event.recording()) : nullptr;
  if (recorder == nullptr || !MayHaveBegun(known, *recorder)) {
    return known.Ignore("this service did not ask for the recording");
  }
  switch (event.type()) {
    case ProviderEvent::TYPE_CALL_RECORDING_STARTED:
    case ProviderEvent::TYPE_CONFERENCE_RECORDING_STARTED:
      return OnStarted(known, *recorder, event.recording());
    case ProviderEvent::TYPE_CALL_RECORDING_STOPPED:
    case ProviderEvent::TYPE_CONFERENCE_RECORDING_STOPPED:
      return OnStopped(known, *recorder, event.recording());
    case ProviderEvent::TYPE_CALL_RECORDING_FAILED:
    case ProviderEvent::TYPE_CONFERENCE_RECORDING_FAILED:
      return OnFailed(known, *recorder, event.recording(), v1::RECORDING_FAILURE_PROVIDER);
    case ProviderEvent::TYPE_CONFERENCE_COMPOSITION_FAILED:
      return OnFailed(known, *recorder, event.recording(), v1::RECORDING_FAILURE_COMPOSITION);
    default:
      return OnFilesEvent(known, leg_id, event);
  }
}

bool NoteFiles(Knowledge& known, std::string_view leg_id, const RecordingFacts& facts) {
  if (LastRecorder(known, leg_id) == nullptr) return false;
  std::set<std::string> changed;
  for (const RecordedFile& file : facts.composed_files()) {
    if (leg_id.empty()) AddFile(known, leg_id, facts, file, changed);
  }
  for (const RecordedFile& file : facts.call_files()) {
    if (!leg_id.empty() || IsOnlyCopy(known, facts, file))
      AddFile(known, leg_id, facts, file, changed);
  }
  for (const std::string& recording_id : changed) {
    Recorder& recorder = *FindRecorder(known, recording_id);
    // The event of its stop was lost.
    if (IsLive(recorder)) NoteStopped(known, recorder, known.learned(), true);
    TellReady(known, recorder);
  }
  return !changed.empty();
}

void EndRecordings(Knowledge& known) {
  if (!known.session().has_recordings()) return;
  auto& recorders = *known.recordings().mutable_recorders();
  for (int i = recorders.size() - 1; i >= 0; --i) {
    if (!MayHaveBegun(known, recorders[i])) recorders.DeleteSubrange(i, 1);
  }
  for (Recorder& recorder : recorders) {
    if (!IsLive(recorder)) continue;
    if (!recorder.told_on() && recorder.accepted()) {
      NoteStarted(known, recorder, known.learned(), true);
    }
    NoteStopped(known, recorder, known.learned(), true);
  }
}

}  // namespace callbridge::flow
