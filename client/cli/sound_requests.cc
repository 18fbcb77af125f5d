#include "client/cli/sound_requests.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_format.h>

#include <string>
#include <string_view>

#include "callbridge/client.h"
#include "client/cli/command_line.h"
#include "server/base/time.h"

namespace callbridge::cli {
namespace {

// Fills in what all these requests have.
template <typename Request>
void ReadCommon(const base::Arguments& arguments, Request& request) {
  request.set_request_id(arguments.ValueOr("request-id", ""));
  if (request.request_id().empty()) request.set_request_id(client::MakeRequestId());
  request.set_validate_only(arguments.Has("validate-only"));
}

void ReadLegs(const base::Arguments& arguments, v1::PlayPromptRequest& request) {
  for (const std::string& leg : arguments.Values("leg")) request.add_leg_ids(leg);
}

void ReadVoice(const base::Arguments& arguments, v1::Prompt& prompt) {
  if (const auto language = arguments.Value("language")) {
    prompt.mutable_voice()->set_language(*language);
  }
  if (const auto voice = arguments.Value("voice")) prompt.mutable_voice()->set_name(*voice);
}

absl::Status WhichPerson(std::string_view command) {
  return absl::InvalidArgumentError(absl::StrFormat(
      "%s: which person? Write --leg caller or --leg callee-1; callbridge get shows the legs",
      std::string(command)));
}

absl::Status ReadDuration(const base::Arguments& arguments, const std::string& flag,
                          google::protobuf::Duration* (v1::CaptureDigitsRequest::*field)(),
                          v1::CaptureDigitsRequest& request) {
  const auto text = arguments.Value(flag);
  if (!text.has_value()) return absl::OkStatus();
  const auto duration = ParseDuration(flag, *text);
  if (!duration.ok()) return duration.status();
  *(request.*field)() = base::ToProtoDuration(*duration);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::PlayPromptRequest> MakeSayRequest(const base::Arguments& arguments) {
  v1::PlayPromptRequest request;
  ReadCommon(arguments, request);
  ReadLegs(arguments, request);
  request.mutable_prompt()->set_text(arguments.words().back());
  ReadVoice(arguments, *request.mutable_prompt());
  return request;
}

absl::StatusOr<v1::PlayPromptRequest> MakePlayRequest(const base::Arguments& arguments) {
  if (arguments.Has("url") == arguments.Has("file")) {
    return absl::InvalidArgumentError("play: what is played? Write --url URL or --file ID");
  }
  v1::PlayPromptRequest request;
  ReadCommon(arguments, request);
  ReadLegs(arguments, request);
  v1::Audio& audio = *request.mutable_prompt()->mutable_audio();
  if (const auto url = arguments.Value("url")) audio.set_url(*url);
  if (const auto file = arguments.Value("file")) audio.set_file_id(*file);
  if (const auto text = arguments.Value("duration")) {
    const auto duration = ParseDuration("duration", *text);
    if (!duration.ok()) return duration.status();
    *audio.mutable_duration() = base::ToProtoDuration(*duration);
  }
  return request;
}

absl::StatusOr<v1::StopSoundsRequest> MakeStopSoundsRequest(const base::Arguments& arguments) {
  v1::StopSoundsRequest request;
  ReadCommon(arguments, request);
  request.set_leg_id(arguments.ValueOr("leg", ""));
  return request;
}

absl::StatusOr<v1::SendDigitsRequest> MakeDigitsRequest(const base::Arguments& arguments) {
  v1::SendDigitsRequest request;
  ReadCommon(arguments, request);
  request.set_leg_id(arguments.ValueOr("leg", ""));
  if (request.leg_id().empty()) return WhichPerson("digits");
  request.set_digits(arguments.words().back());
  return request;
}

absl::StatusOr<v1::CaptureDigitsRequest> MakeCaptureRequest(const base::Arguments& arguments) {
  v1::CaptureDigitsRequest request;
  ReadCommon(arguments, request);
  request.set_leg_id(arguments.ValueOr("leg", ""));
  if (request.leg_id().empty()) return WhichPerson("capture");
  int length = 0;
  if (!absl::SimpleAtoi(arguments.ValueOr("length", ""), &length) || length < 1) {
    return absl::InvalidArgumentError("capture: how many keys end it? Write --length 4");
  }
  request.set_max_length(length);
  absl::Status status = ReadDuration(
      arguments, "first-timeout", &v1::CaptureDigitsRequest::mutable_first_digit_timeout, request);
  status.Update(ReadDuration(arguments, "digit-timeout",
                             &v1::CaptureDigitsRequest::mutable_digit_timeout, request));
  if (!status.ok()) return status;
  request.set_terminator(arguments.ValueOr("terminator", ""));
  if (const auto text = arguments.Value("say")) {
    request.mutable_prompt()->set_text(*text);
    ReadVoice(arguments, *request.mutable_prompt());
  }
  return request;
}

}  // namespace callbridge::cli
