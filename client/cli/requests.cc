#include "client/cli/requests.h"

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_format.h>
#include <absl/time/time.h>

#include <algorithm>
#include <cstddef>
#include <optional>

#include "client/cli/change_request.h"
#include "client/cli/flag_values.h"
#include "client/cli/recording_requests.h"
#include "server/base/limits.h"
#include "server/base/time.h"

namespace callbridge::cli {
namespace {

// Reads a moment. "2h" means two hours before `now`. Otherwise the text is a time like
// 2026-01-15T12:00:00Z, or a day like 2026-01-15 (UTC).
absl::StatusOr<base::Time> ParseMoment(std::string_view flag, const std::string& text,
                                       base::Time now) {
  absl::Duration ago;
  if (absl::ParseDuration(text, &ago) && ago >= absl::ZeroDuration()) {
    return now - absl::ToChronoNanoseconds(ago);
  }
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &error) ||
      absl::ParseTime("%Y-%m-%d", text, &time, &error)) {
    return base::Time(base::Duration(absl::ToUnixNanos(time)));
  }
  return absl::InvalidArgumentError(
      absl::StrFormat("--%s: \"%s\" is not a time; write how long ago, like 2h, or a moment, like "
                      "2026-01-15T12:00:00Z",
                      std::string(flag), text));
}

template <typename Map>
absl::Status ReadLabels(const base::Arguments& arguments, Map& labels) {
  for (const std::string& text : arguments.Values("label")) {
    const auto label = ParseLabel(text);
    if (!label.ok()) return label.status();
    if (!labels.insert({label->first, label->second}).second) {
      return absl::InvalidArgumentError(
          absl::StrFormat("--label: %s is given twice; leave one out", label->first));
    }
  }
  return absl::OkStatus();
}

// A prompt without a text is deliberate silence.
void ReadPrompt(const base::Arguments& arguments, const std::string& flag,
                v1::Prompt* (v1::Plan::*field)(), v1::Plan& plan) {
  const auto text = arguments.Value(flag);
  if (!text.has_value()) return;
  v1::Prompt* prompt = (plan.*field)();
  if (!text->empty()) prompt->set_text(*text);
}

absl::Status ReadMusic(const base::Arguments& arguments, v1::Plan& plan) {
  const int given = int{arguments.Has("music-url")} + int{arguments.Has("music-file")} +
                    int{arguments.Has("music-name")} + int{arguments.Has("no-music")};
  if (given > 1) {
    return absl::InvalidArgumentError(
        "--music-url, --music-file, --music-name and --no-music: give one of them");
  }
  if (arguments.Has("music-duration") && (given == 0 || arguments.Has("no-music"))) {
    return absl::InvalidArgumentError(
        "--music-duration: of which music? Write --music-url, --music-file or --music-name too");
  }
  if (given == 0) return absl::OkStatus();
  v1::Music* music = plan.mutable_music();
  if (const auto url = arguments.Value("music-url")) music->mutable_audio()->set_url(*url);
  if (const auto file = arguments.Value("music-file")) music->mutable_audio()->set_file_id(*file);
  if (const auto name = arguments.Value("music-name")) music->mutable_audio()->set_file_name(*name);
  if (arguments.Has("no-music")) return absl::OkStatus();
  return ReadDuration("music-duration", &v1::Audio::mutable_duration, arguments,
                      *music->mutable_audio());
}

absl::Status ReadPlan(const base::Arguments& arguments, v1::StartBridgeRequest& request) {
  v1::Plan plan;
  ReadPrompt(arguments, "greeting", &v1::Plan::mutable_greeting, plan);
  ReadPrompt(arguments, "announcement", &v1::Plan::mutable_announcement, plan);
  ReadPrompt(arguments, "apology", &v1::Plan::mutable_apology, plan);
  if (const auto language = arguments.Value("language")) {
    plan.mutable_voice()->set_language(*language);
  }
  if (const auto voice = arguments.Value("voice")) plan.mutable_voice()->set_name(*voice);
  absl::Status status = ReadMusic(arguments, plan);
  status.Update(ReadDuration("ring", &v1::Plan::mutable_ring_timeout, arguments, plan));
  status.Update(ReadDuration("max-duration", &v1::Plan::mutable_max_duration, arguments, plan));
  status.Update(ReadRecordingPlan(arguments, plan));
  if (plan.ByteSizeLong() > 0) *request.mutable_plan() = plan;
  return status;
}

absl::Status ReadCaller(const base::Arguments& arguments, v1::Caller& caller) {
  if (arguments.Has("caller") == arguments.Has("offer")) {
    return absl::InvalidArgumentError(
        "start: the first person is missing; write --caller ENDPOINT to call a person, or --offer "
        "ID for a call that waits");
  }
  caller.set_caller_id_number(arguments.ValueOr("caller-sees", ""));
  if (const auto offer = arguments.Value("offer")) {
    caller.set_offered_session_id(*offer);
    return absl::OkStatus();
  }
  auto endpoint = ParseEndpoint("caller", arguments.ValueOr("caller", ""));
  if (!endpoint.ok()) return endpoint.status();
  *caller.mutable_dial() = *std::move(endpoint);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::Endpoint> ParseEndpoint(const std::string& flag, const std::string& text) {
  v1::Endpoint endpoint;
  const std::size_t at = text.find('@');
  if (text.starts_with("sip:") && at != std::string::npos && at > 4 && at + 1 < text.size()) {
    endpoint.mutable_sip()->set_username(text.substr(4, at - 4));
    endpoint.mutable_sip()->set_trunk_id(text.substr(at + 1));
    return endpoint;
  }
  if (text.starts_with("webrtc:") && text.size() > 7) {
    endpoint.mutable_webrtc()->set_identity(text.substr(7));
    return endpoint;
  }
  const std::string digits = text.substr(text.starts_with('+') ? 1 : 0);
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(),
                                     [](unsigned char c) { return absl::ascii_isdigit(c); })) {
    // The text may be a person's number with a typing error, so the message does not repeat it.
    return absl::InvalidArgumentError(absl::StrFormat(
        "--%s: is not an endpoint; write +442079460000 (digits only), sip:USER@TRUNK "
        "or webrtc:IDENTITY",
        flag));
  }
  endpoint.mutable_phone()->set_number(text);
  return endpoint;
}

absl::StatusOr<v1::StartBridgeRequest> MakeStartRequest(const base::Arguments& arguments) {
  v1::StartBridgeRequest request;
  request.set_request_id(arguments.ValueOr("request-id", ""));
  absl::Status status = ReadCaller(arguments, *request.mutable_caller());
  if (!arguments.Has("callee")) {
    status.Update(
        absl::InvalidArgumentError("start: the second person is missing; write --callee ENDPOINT"));
  }
  for (const std::string& text : arguments.Values("callee")) {
    auto endpoint = ParseEndpoint("callee", text);
    if (!endpoint.ok()) return endpoint.status();
    v1::Callee* callee = request.add_callees();
    *callee->mutable_endpoint() = *std::move(endpoint);
    callee->set_caller_id_number(arguments.ValueOr("callee-sees", ""));
  }
  request.set_plan_name(arguments.ValueOr("plan", ""));
  status.Update(ReadPlan(arguments, request));
  status.Update(ReadLabels(arguments, *request.mutable_labels()));
  request.set_validate_only(arguments.Has("validate-only"));
  if (arguments.Has("validate-only") && arguments.Has("wait")) {
    status.Update(absl::InvalidArgumentError("--validate-only calls no person; leave --wait out"));
  }
  if (!status.ok()) return status;
  return request;
}

absl::StatusOr<int> ParseLimit(const base::Arguments& arguments, int otherwise) {
  const auto text = arguments.Value("limit");
  if (!text.has_value()) return otherwise;
  int limit = 0;
  if (!absl::SimpleAtoi(*text, &limit) || limit < 1) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--limit: \"%s\" is not a number from 1 up", *text));
  }
  return limit;
}

absl::StatusOr<v1::UpdateLegRequest> MakeUpdateRequest(const base::Arguments& arguments) {
  v1::UpdateLegRequest request;
  request.set_leg_id(arguments.ValueOr("leg", ""));
  if (request.leg_id().empty()) {
    return absl::InvalidArgumentError(
        "update: which person? Write --leg caller or --leg callee-1; callbridge get shows the "
        "legs");
  }
  const auto muted = ReadYesOrNo(arguments, "muted");
  if (!muted.ok()) return muted.status();
  const auto deafened = ReadYesOrNo(arguments, "deafened");
  if (!deafened.ok()) return deafened.status();
  if (!muted->has_value() && !deafened->has_value()) {
    return absl::InvalidArgumentError(
        "update: what is to change? Write --muted yes|no, --deafened yes|no, or both");
  }
  if (muted->has_value()) request.set_muted(**muted);
  if (deafened->has_value()) request.set_deafened(**deafened);
  ReadChange(arguments, request);
  return request;
}

absl::StatusOr<v1::ListSessionsRequest> MakeListRequest(const base::Arguments& arguments,
                                                        base::Time now) {
  v1::ListSessionsRequest request;
  for (const std::string& text : arguments.Values("state")) {
    const auto state = ParseWord<v1::Session::State>("state", text);
    if (!state.ok()) return state.status();
    request.add_states(*state);
  }
  for (const std::string& text : arguments.Values("result")) {
    const auto result = ParseWord<v1::Outcome::Result>("result", text);
    if (!result.ok()) return result.status();
    request.add_results(*result);
  }
  if (absl::Status labels = ReadLabels(arguments, *request.mutable_labels()); !labels.ok()) {
    return labels;
  }
  if (const auto text = arguments.Value("since"); text.has_value()) {
    const auto time = ParseMoment("since", *text, now);
    if (!time.ok()) return time.status();
    *request.mutable_created_since() = base::ToTimestamp(*time);
  }
  if (const auto text = arguments.Value("until"); text.has_value()) {
    const auto time = ParseMoment("until", *text, now);
    if (!time.ok()) return time.status();
    *request.mutable_created_before() = base::ToTimestamp(*time);
  }
  request.set_phone_number(arguments.ValueOr("number", ""));
  request.set_call_id(arguments.ValueOr("call-id", ""));
  request.set_request_id(arguments.ValueOr("request-id", ""));
  request.set_only_with_issues(arguments.Has("with-issues"));
  const auto limit = ParseLimit(arguments, 20);
  if (!limit.ok()) return limit.status();
  request.set_page_size(std::min(*limit, base::kListPageSizeMax));
  return request;
}

absl::StatusOr<v1::StreamEventsRequest> MakeWatchRequest(const base::Arguments& arguments) {
  v1::StreamEventsRequest request;
  request.set_detail(v1::SessionEvent::DETAIL_DIAGNOSTIC);
  if (absl::Status labels = ReadLabels(arguments, *request.mutable_labels()); !labels.ok()) {
    return labels;
  }
  if (!arguments.words().empty()) {
    if (arguments.Has("all") || arguments.Has("label")) {
      return absl::InvalidArgumentError(
          "watch: one session or several? Leave out the ID, or --all and --label");
    }
    request.set_session_id(arguments.words().front());
    request.set_position(v1::START_POSITION_BEGINNING);
    return request;
  }
  if (arguments.Has("exit-status")) {
    return absl::InvalidArgumentError(
        "--exit-status: only one session has an outcome; write watch ID --exit-status");
  }
  request.set_position(arguments.Has("from-beginning") ? v1::START_POSITION_BEGINNING
                                                       : v1::START_POSITION_SNAPSHOT);
  return request;
}

}  // namespace callbridge::cli
