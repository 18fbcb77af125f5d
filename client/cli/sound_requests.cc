#include "client/cli/sound_requests.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_format.h>

#include <string>
#include <string_view>

#include "client/cli/change_request.h"
#include "client/cli/flag_values.h"

namespace callbridge::cli {
namespace {

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

}  // namespace

absl::StatusOr<v1::PlayPromptRequest> MakeSayRequest(const base::Arguments& arguments) {
  v1::PlayPromptRequest request;
  ReadChange(arguments, request);
  ReadLegs(arguments, request);
  request.mutable_prompt()->set_text(arguments.words().back());
  ReadVoice(arguments, *request.mutable_prompt());
  return request;
}

absl::StatusOr<v1::PlayPromptRequest> MakePlayRequest(const base::Arguments& arguments) {
  if (int{arguments.Has("url")} + int{arguments.Has("file")} + int{arguments.Has("name")} != 1) {
    return absl::InvalidArgumentError(
        "play: what is played? Write one of --url URL, --file ID and --name NAME");
  }
  v1::PlayPromptRequest request;
  ReadChange(arguments, request);
  ReadLegs(arguments, request);
  v1::Audio& audio = *request.mutable_prompt()->mutable_audio();
  if (const auto url = arguments.Value("url")) audio.set_url(*url);
  if (const auto file = arguments.Value("file")) audio.set_file_id(*file);
  if (const auto name = arguments.Value("name")) audio.set_file_name(*name);
  const absl::Status status =
      ReadDuration("duration", &v1::Audio::mutable_duration, arguments, audio);
  if (!status.ok()) return status;
  return request;
}

absl::StatusOr<v1::StopSoundsRequest> MakeStopSoundsRequest(const base::Arguments& arguments) {
  v1::StopSoundsRequest request;
  ReadChange(arguments, request);
  request.set_leg_id(arguments.ValueOr("leg", ""));
  return request;
}

absl::StatusOr<v1::SendDigitsRequest> MakeDigitsRequest(const base::Arguments& arguments) {
  v1::SendDigitsRequest request;
  ReadChange(arguments, request);
  request.set_leg_id(arguments.ValueOr("leg", ""));
  if (request.leg_id().empty()) return WhichPerson("digits");
  request.set_digits(arguments.words().back());
  return request;
}

absl::StatusOr<v1::CaptureDigitsRequest> MakeCaptureRequest(const base::Arguments& arguments) {
  v1::CaptureDigitsRequest request;
  ReadChange(arguments, request);
  request.set_leg_id(arguments.ValueOr("leg", ""));
  if (request.leg_id().empty()) return WhichPerson("capture");
  int length = 0;
  if (!absl::SimpleAtoi(arguments.ValueOr("length", ""), &length) || length < 1) {
    return absl::InvalidArgumentError("capture: how many keys end it? Write --length 4");
  }
  request.set_max_length(length);
  absl::Status status = ReadDuration(
      "first-timeout", &v1::CaptureDigitsRequest::mutable_first_digit_timeout, arguments, request);
  status.Update(ReadDuration("digit-timeout", &v1::CaptureDigitsRequest::mutable_digit_timeout,
                             arguments, request));
  if (!status.ok()) return status;
  request.set_terminator(arguments.ValueOr("terminator", ""));
  if (const auto text = arguments.Value("say")) {
    request.mutable_prompt()->set_text(*text);
    ReadVoice(arguments, *request.mutable_prompt());
  }
  return request;
}

}  // namespace callbridge::cli
