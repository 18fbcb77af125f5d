#include "client/cli/recording_sentence.h"

#include <absl/strings/str_format.h>

#include "client/cli/words.h"
#include "server/base/mask.h"

namespace callbridge::cli {
namespace {

// Returns "the conference", or who is recorded.
std::string Subject(const v1::Recording& recording) {
  return recording.leg_id().empty() ? "the conference" : LegName(recording.leg_id());
}

std::string FailureText(v1::RecordingFailure failure) {
  switch (failure) {
    case v1::RECORDING_FAILURE_START_REFUSED:
      return "the provider refused to start it";
    case v1::RECORDING_FAILURE_START_UNCONFIRMED:
      return "nothing tells whether it started";
    case v1::RECORDING_FAILURE_STOP_FAILED:
      return "it could not be stopped, and goes on";
    case v1::RECORDING_FAILURE_PROVIDER:
      return "the provider gave it up";
    case v1::RECORDING_FAILURE_COMPOSITION:
      return "the provider could not compose its file";
    case v1::RECORDING_FAILURE_FILES_NOT_FOUND:
      return "the provider has no file of it";
    case v1::RECORDING_FAILURE_NOTICE_UNPROVED:
      return "the notice before it was not proved to be heard";
    case v1::RECORDING_FAILURE_NOTICE_REFUSED:
      return "a person refused to be recorded";
    default:
      return Word(failure);
  }
}

std::string FilesText(const v1::Recording& recording) {
  std::string text;
  for (const v1::RecordingFile& file : recording.files()) {
    text += (text.empty() ? "" : ", ") + Printable(file.file_id());
    if (file.has_duration()) text += " (" + DurationText(file.duration()) + ")";
  }
  return text;
}

Sentence DescribeFailure(const v1::Recording& recording) {
  std::string text = absl::StrFormat("the recording of %s failed: %s", Subject(recording),
                                     FailureText(recording.failure()));
  const std::string error = ProviderErrorText(recording.provider_error());
  if (!error.empty()) text += absl::StrFormat(" [provider: %s]", error);
  return {Weight::kTrouble, text};
}

Sentence DescribeNotice(const v1::NoticeEvidence& notice) {
  const bool unproved = notice.result() == v1::NoticeEvidence::RESULT_UNPROVED;
  return {unproved ? Weight::kTrouble : Weight::kNormal,
          LegName(notice.leg_id()) + " " + NoticeText(notice)};
}

Sentence DescribeRequest(const v1::RecordingRequested& event) {
  std::string text = "the recording is to stop";
  if (event.mode() == v1::RECORDING_MODE_LEGS) {
    text = "each leg is to be recorded";
  } else if (event.mode() != v1::RECORDING_MODE_UNSPECIFIED) {
    text = "the conference is to be recorded";
  }
  if (event.beep()) text += " after a beep";
  if (!event.client_identity().empty()) {
    text += " (asked by " + base::MaskText(Printable(event.client_identity())) + ")";
  }
  return {Weight::kNormal, text};
}

}  // namespace

Sentence DescribeRecordingEvent(const v1::SessionEvent& event) {
  switch (event.event_case()) {
    case v1::SessionEvent::kRecordingStarted:
      return {Weight::kNormal, Subject(event.recording_started().recording()) + " is recorded"};
    case v1::SessionEvent::kRecordingStopped:
      return {Weight::kNormal,
              Subject(event.recording_stopped().recording()) + " is no longer recorded"};
    case v1::SessionEvent::kRecordingFailed:
      return DescribeFailure(event.recording_failed().recording());
    case v1::SessionEvent::kRecordingReady: {
      const v1::Recording& recording = event.recording_ready().recording();
      return {recording.incomplete() ? Weight::kTrouble : Weight::kNormal,
              absl::StrFormat("the recording of %s is ready%s: %s", Subject(recording),
                              recording.incomplete() ? ", but a part is missing" : "",
                              FilesText(recording))};
    }
    case v1::SessionEvent::kNoticeFinished:
      return DescribeNotice(event.notice_finished().notice());
    default:
      return DescribeRequest(event.recording_requested());
  }
}

std::string NoticeText(const v1::NoticeEvidence& notice) {
  switch (notice.result()) {
    case v1::NoticeEvidence::RESULT_PROVED:
      return "has heard the notice before recording";
    case v1::NoticeEvidence::RESULT_REFUSED:
      return "refuses to be recorded";
    default:
      return absl::StrFormat("is not proved to have heard the notice before recording (attempt %d)",
                             notice.attempt());
  }
}

std::string RecordingText(const v1::Recording& recording) {
  std::string text = absl::StrFormat("%-10s %s", Word(recording.state()), Subject(recording));
  if (recording.has_start_time() && recording.has_end_time()) {
    text += ", " + DurationText(base::FromTimestamp(recording.end_time()) -
                                base::FromTimestamp(recording.start_time()));
  }
  if (recording.failure() != v1::RECORDING_FAILURE_UNSPECIFIED) {
    text += ": " + FailureText(recording.failure());
  }
  if (recording.incomplete()) text += ", a part is missing";
  if (!recording.files().empty()) text += "  files " + FilesText(recording);
  return text;
}

}  // namespace callbridge::cli
