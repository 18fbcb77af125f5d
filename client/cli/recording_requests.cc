#include "client/cli/recording_requests.h"

#include "client/cli/change_request.h"
#include "client/cli/flag_values.h"

namespace callbridge::cli {
namespace {

absl::Status ReadNotice(const base::Arguments& arguments, v1::RecordingPlan& recording) {
  v1::RecordingNotice notice;
  if (const auto text = arguments.Value("notice")) notice.mutable_prompt()->set_text(*text);
  notice.set_refusing_key(arguments.ValueOr("refusing-key", ""));
  absl::Status status = ReadWord("refusal", &v1::RecordingNotice::set_refusal, arguments, notice);
  status.Update(ReadDuration("refusal-timeout", &v1::RecordingNotice::mutable_refusal_timeout,
                             arguments, notice));
  if (notice.ByteSizeLong() > 0) *recording.mutable_notice() = notice;
  return status;
}

}  // namespace

absl::Status ReadRecordingPlan(const base::Arguments& arguments, v1::Plan& plan) {
  v1::RecordingPlan recording;
  absl::Status status = ReadWord("record", &v1::RecordingPlan::set_mode, arguments, recording);
  status.Update(ReadWord("record-from", &v1::RecordingPlan::set_start, arguments, recording));
  recording.set_beep(arguments.Has("beep"));
  status.Update(ReadNotice(arguments, recording));
  if (recording.ByteSizeLong() > 0) *plan.mutable_recording() = recording;
  return status;
}

absl::StatusOr<v1::StartRecordingRequest> MakeRecordRequest(const base::Arguments& arguments) {
  v1::StartRecordingRequest request;
  ReadChange(arguments, request);
  request.set_beep(arguments.Has("beep"));
  const absl::Status status =
      ReadWord("mode", &v1::StartRecordingRequest::set_mode, arguments, request);
  if (!status.ok()) return status;
  return request;
}

v1::StopRecordingRequest MakeStopRecordRequest(const base::Arguments& arguments) {
  v1::StopRecordingRequest request;
  ReadChange(arguments, request);
  return request;
}

}  // namespace callbridge::cli
