#include "server/api/leg_sounds.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "server/api/errors.h"
#include "server/api/field_check.h"
#include "server/api/request_digest.h"
#include "server/base/limits.h"
#include "server/settings/plan_resolution.h"
#include "server/settings/plan_validation.h"

namespace callbridge::api {
namespace {

using settings::Findings;

constexpr std::chrono::milliseconds kDigitTimeoutMin{100};
constexpr std::chrono::seconds kDigitTimeoutMax{120};
constexpr std::chrono::seconds kFirstDigitTimeout{10};

// Checks what all requests have.
template <typename Request>
void CheckIds(const Request& request, Findings& findings) {
  CheckSessionId("session_id", request.session_id(), findings);
  CheckRequestId(request.request_id(), findings);
}

void CheckLegIds(const v1::PlayPromptRequest& request, Findings& findings) {
  std::set<std::string_view> seen;
  for (int i = 0; i < request.leg_ids_size(); ++i) {
    const std::string path = settings::ItemPath("leg_ids", static_cast<std::size_t>(i));
    CheckLegId(path, request.leg_ids(i), findings);
    if (!seen.insert(request.leg_ids(i)).second) {
      findings.Refuse(path, "names a leg a second time; leave it out");
    }
  }
}

// Refuses a prompt that would be silence.
void CheckRequired(const v1::Prompt& prompt, const config::v1::Settings& settings,
                   Findings& findings) {
  if (prompt.content_case() == v1::Prompt::CONTENT_NOT_SET) {
    findings.Refuse("prompt", "is required: text or audio; silence needs no request");
    return;
  }
  settings::ValidatePrompt(prompt, settings.audio_files(), "prompt", findings);
}

// Returns the prompt with the id of the uploaded file in place of its name.
v1::Prompt Resolved(v1::Prompt prompt, const config::v1::Settings& settings) {
  if (prompt.has_audio()) settings::ResolveAudio(settings, *prompt.mutable_audio());
  return prompt;
}

// Begins the input of a request without violations.
template <typename Request>
SessionChange Begin(const Request& request, const Findings& findings, base::Time now) {
  SessionChange change{.session_id = request.session_id(),
                       .request_id = request.request_id(),
                       .digest = RequestDigest(request),
                       .validate_only = request.validate_only()};
  *change.input.mutable_receive_time() = base::ToTimestamp(now);
  for (const settings::Finding& warning : findings.warnings) {
    change.warnings.push_back(warning.path + ": " + warning.description);
  }
  return change;
}

void CheckDigits(const std::string& digits, Findings& findings) {
  const auto most = static_cast<std::size_t>(base::kDigitsSentMax);
  if (digits.empty() || digits.size() > most ||
      !std::ranges::all_of(digits, base::IsTelephoneKey)) {
    findings.Refuse(
        "digits", absl::StrFormat("%s 1 to %d keys of [0-9A-D*#]%s", WhatItIs(digits),
                                  base::kDigitsSentMax, WhatItHolds(digits, base::IsTelephoneKey)));
  }
}

void CheckTimeout(bool given, const google::protobuf::Duration& timeout, const std::string& path,
                  Findings& findings) {
  if (given) settings::ValidateRange(timeout, kDigitTimeoutMin, kDigitTimeoutMax, path, findings);
}

}  // namespace

absl::StatusOr<SessionChange> CheckPlayPrompt(const v1::PlayPromptRequest& request,
                                              const config::v1::Settings& settings,
                                              const Asker& asker, base::Time now) {
  Findings findings;
  CheckIds(request, findings);
  CheckLegIds(request, findings);
  CheckRequired(request.prompt(), settings, findings);
  if (!findings.violations.empty()) return InvalidFields(findings.violations);
  SessionChange change = Begin(request, findings, now);
  internal::v1::RequestSound& sound = *change.input.mutable_request_sound();
  *sound.mutable_leg_ids() = request.leg_ids();
  sound.mutable_sound()->set_request_id(request.request_id());
  *sound.mutable_sound()->mutable_prompt() = Resolved(request.prompt(), settings);
  sound.set_requested_by(asker.identity);
  return change;
}

absl::StatusOr<SessionChange> CheckStopSounds(const v1::StopSoundsRequest& request,
                                              const Asker& asker, base::Time now) {
  Findings findings;
  CheckIds(request, findings);
  if (!request.leg_id().empty()) CheckLegId("leg_id", request.leg_id(), findings);
  if (!findings.violations.empty()) return InvalidFields(findings.violations);
  SessionChange change = Begin(request, findings, now);
  change.leg_id = request.leg_id();
  internal::v1::StopSounds& stop = *change.input.mutable_stop_sounds();
  stop.set_leg_id(request.leg_id());
  stop.set_request_id(request.request_id());
  stop.set_requested_by(asker.identity);
  return change;
}

absl::StatusOr<SessionChange> CheckSendDigits(const v1::SendDigitsRequest& request,
                                              const Asker& asker, base::Time now) {
  Findings findings;
  CheckIds(request, findings);
  CheckLegId("leg_id", request.leg_id(), findings);
  CheckDigits(request.digits(), findings);
  if (!findings.violations.empty()) return InvalidFields(findings.violations);
  SessionChange change = Begin(request, findings, now);
  change.leg_id = request.leg_id();
  internal::v1::RequestDigits& digits = *change.input.mutable_request_digits();
  digits.set_leg_id(request.leg_id());
  digits.set_request_id(request.request_id());
  digits.set_digits(request.digits());
  digits.set_requested_by(asker.identity);
  return change;
}

absl::StatusOr<SessionChange> CheckCaptureDigits(const v1::CaptureDigitsRequest& request,
                                                 const config::v1::Settings& settings,
                                                 const Asker& asker, base::Time now) {
  Findings findings;
  CheckIds(request, findings);
  CheckLegId("leg_id", request.leg_id(), findings);
  if (request.max_length() < 1 || request.max_length() > base::kDigitsCapturedMax) {
    findings.Refuse("max_length",
                    absl::StrFormat("%s 1 to %d, the number of keys that ends the capture",
                                    request.max_length() == 0 ? "is required:" : "must be",
                                    base::kDigitsCapturedMax));
  }
  CheckTimeout(request.has_first_digit_timeout(), request.first_digit_timeout(),
               "first_digit_timeout", findings);
  CheckTimeout(request.has_digit_timeout(), request.digit_timeout(), "digit_timeout", findings);
  const std::string& terminator = request.terminator();
  if (!terminator.empty() && (terminator.size() > 1 || !base::IsTelephoneKey(terminator.front()))) {
    findings.Refuse("terminator", "must be one key of [0-9A-D*#]; leave it out for none");
  }
  if (request.has_prompt()) CheckRequired(request.prompt(), settings, findings);
  if (!findings.violations.empty()) return InvalidFields(findings.violations);
  SessionChange change = Begin(request, findings, now);
  change.leg_id = request.leg_id();
  internal::v1::RequestSound& sound = *change.input.mutable_request_sound();
  sound.add_leg_ids(request.leg_id());
  sound.set_requested_by(asker.identity);
  sound.mutable_sound()->set_request_id(request.request_id());
  if (request.has_prompt())
    *sound.mutable_sound()->mutable_prompt() = Resolved(request.prompt(), settings);
  internal::v1::Capture& capture = *sound.mutable_sound()->mutable_capture();
  capture.set_max_length(request.max_length());
  *capture.mutable_first_digit_timeout() = request.has_first_digit_timeout()
                                               ? request.first_digit_timeout()
                                               : base::ToProtoDuration(kFirstDigitTimeout);
  *capture.mutable_digit_timeout() =
      request.has_digit_timeout() ? request.digit_timeout() : capture.first_digit_timeout();
  capture.set_terminator(terminator);
  return change;
}

}  // namespace callbridge::api
