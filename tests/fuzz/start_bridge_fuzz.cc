// Requests of the API, made from good ones and spoiled field by field: what is accepted holds to
// the contract and begins a session without breaking an invariant; what is refused is refused with
// names of fields, and no message shows a whole number.
#include <absl/strings/numbers.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/api/errors.h"
#include "server/api/request_digest.h"
#include "server/api/session_list.h"
#include "server/api/stream_request.h"
#include "server/api/validate.h"
#include "server/base/check.h"
#include "server/base/limits.h"
#include "server/base/utf8.h"
#include "server/flow/step.h"
#include "server/settings/dialing_rules.h"
#include "server/store/memory/memory_store.h"
#include "tests/fuzz/byte_reader.h"
#include "tests/fuzz/masked.h"
#include "tests/fuzz/random_message.h"
#include "tests/fuzz/settings_for_fuzz.h"

namespace callbridge::fuzz {
namespace {

using base::Check;
using std::chrono::hours;
using std::chrono::seconds;

const base::Time kNow{std::chrono::sys_days{std::chrono::January / 15 / 2026}};

constexpr std::array<std::string_view, 24> kTexts = {
    "",
    "+447700900123",
    "447700900123",
    "+4989123456",
    "+15550100",
    "+44900123456",
    "00447700900123",
    "+442079460001",
    "+442079460009",
    "+1234567",
    "+1234567890123456",
    "default",
    "silent",
    "s_01KEZZZZZZZZZZZZZZZZZZ0001",
    "8f14e45f-ceea-467f-a0e6-b5b0d1e6c3a1",
    "https://files.example.com/music.wav",
    "http://files.example.com/music.wav",
    "https://user@[::1]:70000/?a#b",
    "X-Callbridge",
    "en-gb",
    "Hello, <break time=\"2s\"/> \xC3\xA9\xF0\x9F\x93\x9E",
    "team",
    "two\nlines",
    " \t"};
constexpr Taste kTaste{.texts = kTexts};

bool IsNumber(const std::string& number) {
  return settings::NormalizeNumber(number) == number && number.size() >= 9 && number.size() <= 16;
}

bool IsWithin(const google::protobuf::Duration& duration, base::Duration least,
              base::Duration most) {
  const base::Duration value = base::FromProtoDuration(duration);
  return value >= least && value <= most;
}

void CheckEndpoint(const v1::Endpoint& endpoint) {
  Check(endpoint.kind_case() != v1::Endpoint::KIND_NOT_SET, "an endpoint has a kind");
  Check(!endpoint.has_phone() || IsNumber(endpoint.phone().number()), "a number is E.164");
  for (const auto& [name, value] : endpoint.sip().headers()) {
    Check(name.starts_with("X-") || name.starts_with("x-"), "a SIP header is one of ours");
    Check(value.find_first_of("\r\n") == std::string::npos, "a SIP header is one line");
  }
}

void CheckPrompt(const v1::Prompt& prompt) {
  const auto length = base::CountCodePoints(prompt.text());
  Check(length.has_value() && *length <= base::kPromptCodePointsMax, "a prompt's text is bounded");
  Check(!prompt.has_audio() || prompt.audio().source_case() != v1::Audio::SOURCE_NOT_SET,
        "a recorded prompt has a source");
  Check(!prompt.voice().has_speaking_rate() ||
            (prompt.voice().speaking_rate() >= 0.5 && prompt.voice().speaking_rate() <= 2),
        "a voice has a possible rate");
}

void CheckAccepted(const internal::v1::StartBridge& start) {
  Check(!start.request_id().empty() && start.request_id().size() <= base::kRequestIdBytesMax,
        "a request has an id");
  Check(start.callees_size() == 1, "one callee");
  CheckEndpoint(start.callees(0).endpoint());
  Check(IsWithin(start.callees(0).ring_timeout(), seconds(1), seconds(60)), "it rings for a while");
  const std::string& shown = start.callees(0).caller_id_number();
  Check(shown.empty() || IsNumber(shown), "what the callee sees is E.164");
  for (const v1::Prompt* prompt :
       {&start.plan().greeting(), &start.plan().announcement(), &start.plan().apology()}) {
    CheckPrompt(*prompt);
  }
  Check(start.plan().music().loop_count() >= 0 &&
            start.plan().music().loop_count() <= base::kLoopCountMax,
        "music is looped as often as the provider can");
  Check(IsWithin(start.plan().max_duration(), seconds(10), hours(8)), "a bridge has an end");
  Check(start.labels_size() <= base::kLabelsMax, "labels are bounded");
  for (const auto& label : start.labels()) {
    Check(label.key().size() <= base::kLabelKeyBytesMax &&
              label.value().size() <= base::kLabelValueBytesMax,
          "a label is bounded");
  }
  Check(base::FromTimestamp(start.start_before_time()) > kNow, "there is time to begin");
  Check(start.settings().has_timing() && start.settings().account() == "default",
        "the session's settings are filled in");
}

// An accepted request is stepped as the worker would.
void CheckStep(const api::CheckedStart& checked) {
  internal::v1::Session session;
  session.set_session_id("s_FUZZ");
  internal::v1::Input input;
  *input.mutable_step_time() = base::ToTimestamp(kNow);
  if (checked.offered_session_id.empty()) {
    CheckEndpoint(checked.start.caller());
    Check(IsNumber(checked.start.caller_id_number()), "what the caller sees is E.164");
    Check(IsWithin(checked.start.caller_ring_timeout(), seconds(1), seconds(60)),
          "the caller's telephone rings for a while");
  } else {
    input.mutable_incoming_call()->set_arrangement(internal::v1::IncomingCall::ARRANGEMENT_OFFER);
    *input.mutable_incoming_call()->mutable_settings() = checked.start.settings();
    input.mutable_incoming_call()->mutable_event()->set_call_id("call-0");
    session = flow::Step(session, input).session();
  }
  *input.mutable_start_bridge() = checked.start;
  const internal::v1::Transition transition = flow::Step(session, input);
  Check(transition.session().outcome().reason() != v1::END_REASON_INTERNAL &&
            transition.ignored_reason().empty(),
        "an accepted request begins a bridge");
  Check(transition.commands_size() > 0 && transition.has_wake_time(), "something is done for it");
}

void CheckRefusal(const absl::Status& status) {
  const std::string message(status.message());
  CheckMasked(message);
  const auto details = api::DetailsOf(status);
  google::rpc::Status shown;
  Check(details.has_value() && shown.ParseFromString(*details) && shown.message() == message,
        "a refusal says why in a form for machines");
  google::rpc::ErrorInfo info;
  Check(shown.details_size() >= 1 && shown.details(0).UnpackTo(&info) && !info.reason().empty(),
        "a refusal has a reason");
  if (status.code() != absl::StatusCode::kInvalidArgument) {
    Check(status.code() == absl::StatusCode::kUnimplemented ||
              status.code() == absl::StatusCode::kPermissionDenied,
          "a request is invalid, not supported yet, or not allowed");
    return;
  }
  google::rpc::BadRequest bad_request;
  Check(shown.details_size() >= 2 && shown.details(1).UnpackTo(&bad_request) &&
            bad_request.field_violations_size() > 0,
        "an invalid request names its fields");
  for (const auto& violation : bad_request.field_violations()) {
    Check(!violation.field().empty() && !violation.description().empty(),
          "a field at fault has a name and a description");
    CheckMasked(violation.description());
  }
}

v1::StartBridgeRequest GoodStart(bool offered) {
  v1::StartBridgeRequest request;
  request.set_request_id("request-1");
  if (offered) {
    request.mutable_caller()->set_offered_session_id("s_01KEZZZZZZZZZZZZZZZZZZ0001");
  } else {
    request.mutable_caller()->mutable_dial()->mutable_phone()->set_number("+447700900123");
  }
  request.add_callees()->mutable_endpoint()->mutable_phone()->set_number("447700900456");
  (*request.mutable_labels())["team"] = "support";
  return request;
}

void RunStart(ByteReader& bytes) {
  static const settings::DialingRules* const rules = new settings::DialingRules(FuzzSettings());
  v1::StartBridgeRequest request = GoodStart(bytes.Flip());
  while (!bytes.empty()) ChangeOneField(bytes, kTaste, request);
  const auto checked = api::CheckStartBridge(request, FuzzSettings(), *rules, api::Asker(), kNow);
  if (!checked.ok()) return CheckRefusal(checked.status());
  CheckAccepted(checked->start);
  CheckStep(*checked);
  for (const std::string& warning : checked->warnings) {
    CheckMasked(warning);
  }
  v1::StartBridgeRequest repeated = request;
  repeated.set_validate_only(!request.validate_only());
  Check(api::RequestDigest(request) == api::RequestDigest(repeated), "a repetition is recognised");
  repeated.set_request_id(request.request_id() + "x");
  Check(api::RequestDigest(request) != api::RequestDigest(repeated), "a reuse is recognised");
}

void RunList(ByteReader& bytes) {
  const std::unique_ptr<store::Store> store = store::MakeMemoryStore();
  v1::ListSessionsRequest request;
  while (!bytes.empty()) ChangeOneField(bytes, kTaste, request);
  const auto listed = api::ListSessions(*store, request);
  if (!listed.ok()) CheckRefusal(listed.status());
}

void RunStream(ByteReader& bytes) {
  v1::StreamEventsRequest request;
  while (!bytes.empty()) ChangeOneField(bytes, kTaste, request);
  const auto wish = api::ReadStreamRequest(request);
  if (!wish.ok()) return CheckRefusal(wish.status());
  Check(wish->bookmark_interval >= base::kBookmarkIntervalMin &&
            wish->bookmark_interval <= base::kBookmarkIntervalMax,
        "bookmarks come in time");
  Check(wish->session_id.empty() || wish->labels.empty(), "one session, or those with labels");
}

}  // namespace
}  // namespace callbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  callbridge::fuzz::ByteReader bytes(data, size);
  switch (bytes.Below(6)) {
    case 4:
      callbridge::fuzz::RunList(bytes);
      break;
    case 5:
      callbridge::fuzz::RunStream(bytes);
      break;
    default:
      callbridge::fuzz::RunStart(bytes);
      break;
  }
  return 0;
}
