#include "server/settings/plan_validation.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/base/duration_text.h"
#include "server/base/key_values.h"
#include "server/base/language.h"
#include "server/base/limits.h"
#include "server/base/url.h"
#include "server/base/utf8.h"
#include "server/settings/dialing_rules.h"
#include "server/settings/spoken_text.h"

namespace callbridge::settings {
namespace {

using callbridge::v1::Audio;
using callbridge::v1::Callee;
using callbridge::v1::Endpoint;
using callbridge::v1::Music;
using callbridge::v1::Plan;
using callbridge::v1::Prompt;
using callbridge::v1::RecordingNotice;
using callbridge::v1::RecordingPlan;
using callbridge::v1::SipEndpoint;
using callbridge::v1::Voice;
using callbridge::v1::WebrtcEndpoint;

constexpr std::chrono::seconds kRingTimeoutMin{1};
constexpr std::chrono::seconds kRingTimeoutMax{60};
constexpr std::chrono::seconds kMaxDurationMin{10};
constexpr std::chrono::hours kMaxDurationMax{8};
constexpr std::chrono::milliseconds kAudioDurationMin{100};
constexpr std::chrono::hours kAudioDurationMax{8};
constexpr std::chrono::seconds kRefusalTimeoutMin{1};
constexpr std::chrono::seconds kRefusalTimeoutMax{30};
constexpr double kSpeechRateMin = 0.5;
constexpr double kSpeechRateMax = 2.0;
constexpr std::size_t kLanguageBytesMax = 16;

bool IsAlphanumeric(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<std::uint8_t>(c) < 0x20 || static_cast<std::uint8_t>(c) == 0x7F;
  });
}

// Returns the path of an entry whose key itself is invalid.
std::string KeyPath(const std::string& path, const std::string& key) {
  return key.empty() ? path : FieldPath(path, key);
}

// Checks a name that the provider knows. It must be one line, and must not be empty.
void ValidateName(std::string_view name, const std::string& path, Findings& findings) {
  if (name.empty()) {
    findings.Refuse(path, "required");
  } else if (name.size() > base::kNameBytesMax || HasControl(name) ||
             !base::CountCodePoints(name).has_value()) {
    findings.Refuse(path, absl::StrFormat("must be one line of at most %d bytes of UTF-8",
                                          base::kNameBytesMax));
  }
}

void ValidateVoice(const Voice& voice, const std::string& path, Findings& findings) {
  const std::string& language = voice.language();
  const bool is_tag = language.size() <= kLanguageBytesMax &&
                      std::all_of(language.begin(), language.end(),
                                  [](char c) { return IsAlphanumeric(c) || c == '-' || c == '_'; });
  if (!is_tag) {
    findings.Refuse(FieldPath(path, "language"), "must be a language tag like \"en\" or \"pt-br\"");
  } else if (!language.empty() && !base::ProviderLanguage(language).has_value()) {
    findings.Warn(FieldPath(path, "language"), "is not among the languages known to be spoken");
  }
  if (!voice.name().empty()) ValidateName(voice.name(), FieldPath(path, "name"), findings);
  if (!callbridge::v1::Gender_IsValid(voice.gender())) {
    findings.Refuse(FieldPath(path, "gender"), "must be FEMALE or MALE");
  }
  // This condition also refuses NaN, for which every comparison is false.
  if (voice.has_speaking_rate() &&
      !(voice.speaking_rate() >= kSpeechRateMin && voice.speaking_rate() <= kSpeechRateMax)) {
    findings.Refuse(FieldPath(path, "speaking_rate"), "must be 0.5 to 2.0");
  }
}

void ValidateFileName(const std::string& name, const AudioFiles& files, const std::string& path,
                      Findings& findings) {
  if (files.contains(name)) return;
  std::vector<std::string> known;
  for (const auto& [other, unused] : files) known.push_back(other);
  std::sort(known.begin(), known.end());
  findings.Refuse(
      path, known.empty() ? std::string("names no uploaded file: the setting audio_files has none; "
                                        "callbridge-admin audio upload prints an entry for it")
                          : absl::StrFormat("names no uploaded file of the setting audio_files, "
                                            "which has: %s",
                                            absl::StrJoin(known, ", ")));
}

void ValidateText(const std::string& text, const std::string& path, Findings& findings) {
  if (const std::optional<std::string> problem = WhyNotSpeakable(text)) {
    findings.Refuse(path, *problem);
    return;
  }
  const std::size_t count = base::CountCodePoints(text).value_or(0);
  if (count <= static_cast<std::size_t>(base::kPromptCodePointsUsual)) return;
  findings.Warn(
      path, absl::StrFormat("has %d characters; the provider may refuse more than %d, and a prompt "
                            "that takes longer than timing.prompt_max is stopped; shorten it",
                            count, base::kPromptCodePointsUsual));
}

// True if the length of the sound is given, or known by its name.
bool HasKnownDuration(const Audio& audio, const AudioFiles& files) {
  if (audio.has_duration()) return true;
  const auto file = files.find(audio.file_name());
  return audio.has_file_name() && file != files.end() && file->second.has_duration();
}

void ValidateMusic(const Music& music, const AudioFiles& files, const std::string& path,
                   Findings& findings) {
  if (music.has_audio()) {
    ValidateAudio(music.audio(), files, FieldPath(path, "audio"), findings);
    if (!HasKnownDuration(music.audio(), files) && music.loop_count() == 0) {
      findings.Warn(FieldPath(path, "audio.duration"),
                    "is not set, so the music is looped 20 times and started again if it ends");
    }
  }
  if (music.loop_count() < 0 || music.loop_count() > base::kLoopCountMax) {
    findings.Refuse(FieldPath(path, "loop_count"), "must be 1 to 100");
  }
}

void ValidateNotice(const RecordingNotice& notice, const std::string& path, Findings& findings) {
  const std::string prompt = FieldPath(path, "prompt");
  if (!notice.prompt().has_text() || notice.prompt().text().empty()) {
    findings.Refuse(
        FieldPath(prompt, "text"),
        absl::StrCat(notice.prompt().has_audio() ? "must be set in place of audio" : "required",
                     ": a notice is a text that is said, because a file proves nothing about its "
                     "content"));
  } else {
    ValidatePrompt(notice.prompt(), {}, prompt, findings);
  }
  const std::string& key = notice.refusing_key();
  if (!key.empty() && (key.size() > 1 || !base::IsTelephoneKey(key[0]))) {
    findings.Refuse(FieldPath(path, "refusing_key"), "must be one key: 0 to 9, A to D, * or #");
  }
  if (!RecordingNotice::Refusal_IsValid(notice.refusal())) {
    findings.Refuse(FieldPath(path, "refusal"), "must be UNRECORDED or END");
  } else if (key.empty() && notice.refusal() != RecordingNotice::REFUSAL_UNSPECIFIED) {
    findings.Refuse(FieldPath(path, "refusal"), "needs refusing_key, or nobody can refuse");
  }
  if (!notice.has_refusal_timeout()) return;
  if (key.empty()) {
    findings.Refuse(FieldPath(path, "refusal_timeout"), "needs refusing_key, or nobody can refuse");
  }
  ValidateRange(notice.refusal_timeout(), kRefusalTimeoutMin, kRefusalTimeoutMax,
                FieldPath(path, "refusal_timeout"), findings);
}

void ValidateRecording(const RecordingPlan& recording, const std::string& path,
                       Findings& findings) {
  if (!callbridge::v1::RecordingMode_IsValid(recording.mode())) {
    findings.Refuse(FieldPath(path, "mode"), "must be CONFERENCE or LEGS, or absent");
  }
  if (!RecordingPlan::Start_IsValid(recording.start())) {
    findings.Refuse(FieldPath(path, "start"), "must be CONNECTED, JOINED or REQUESTED");
  }
  if (recording.has_notice()) {
    ValidateNotice(recording.notice(), FieldPath(path, "notice"), findings);
  }
  const bool plain = recording.mode() == callbridge::v1::RECORDING_MODE_UNSPECIFIED;
  if (recording.beep() && recording.mode() != callbridge::v1::RECORDING_MODE_LEGS) {
    findings.Refuse(FieldPath(path, "beep"), kBeepNeedsLegs);
  } else if (plain && recording.start() != RecordingPlan::START_UNSPECIFIED) {
    findings.Refuse(FieldPath(path, "start"), "needs mode CONFERENCE or LEGS");
  }
}

void ValidateSip(const SipEndpoint& sip, const std::string& path, Findings& findings) {
  ValidateName(sip.username(), FieldPath(path, "username"), findings);
  if (!IsSipUser(sip.username())) {
    findings.Refuse(FieldPath(path, "username"),
                    "must be the part of the SIP address before the \"@\", without \"sip:\" and "
                    "password: letters, digits and -_.!~*'()&=+$,;?/ of ASCII");
  }
  ValidateName(sip.trunk_id(), FieldPath(path, "trunk_id"), findings);
  const std::string headers_path = FieldPath(path, "headers");
  if (sip.headers_size() > base::kSipHeadersMax) {
    findings.Refuse(headers_path,
                    absl::StrFormat("has more than %d entries", base::kSipHeadersMax));
  }
  for (const auto& [name, value] : base::Sorted(sip.headers())) {
    const bool named =
        name.size() > 2 && name.size() <= base::kSipHeaderNameBytesMax &&
        (name.starts_with("X-") || name.starts_with("x-")) &&
        std::all_of(name.begin(), name.end(), [](char c) { return IsAlphanumeric(c) || c == '-'; });
    if (!named) {
      findings.Refuse(KeyPath(headers_path, name),
                      absl::StrFormat("a header's name must begin with \"X-\", hold letters, "
                                      "digits and \"-\", and have at most %d bytes",
                                      base::kSipHeaderNameBytesMax));
      continue;
    }
    // A line break in the value would begin another header.
    if (value.size() > base::kSipHeaderValueBytesMax || HasControl(value)) {
      findings.Refuse(
          FieldPath(headers_path, name),
          absl::StrFormat("must be one line of at most %d bytes", base::kSipHeaderValueBytesMax));
    }
  }
}

void ValidateWebrtc(const WebrtcEndpoint& webrtc, const std::string& path, Findings& findings) {
  ValidateName(webrtc.identity(), FieldPath(path, "identity"), findings);
  if (!webrtc.display_name().empty()) {
    ValidateName(webrtc.display_name(), FieldPath(path, "display_name"), findings);
  }
}

}  // namespace

bool RecordsBeforeNotice(const Plan& plan, const Plan& noticed) {
  return plan.recording().start() == RecordingPlan::START_JOINED &&
         noticed.recording().has_notice();
}

void ValidateAudio(const Audio& audio, const AudioFiles& files, const std::string& path,
                   Findings& findings) {
  switch (audio.source_case()) {
    case Audio::kFileId:
      ValidateName(audio.file_id(), FieldPath(path, "file_id"), findings);
      break;
    case Audio::kFileName:
      ValidateFileName(audio.file_name(), files, FieldPath(path, "file_name"), findings);
      break;
    case Audio::kUrl: {
      const std::optional<base::Url> url = base::ParseUrl(audio.url());
      if (!url.has_value() || url->scheme != "https" || audio.url().size() > base::kUrlBytesMax) {
        findings.Refuse(FieldPath(path, "url"), "must be an https URL that the provider can reach");
      }
      break;
    }
    case Audio::SOURCE_NOT_SET:
      findings.Refuse(path, "needs file_id, file_name or url");
      break;
  }
  if (audio.has_duration()) {
    ValidateRange(audio.duration(), kAudioDurationMin, kAudioDurationMax,
                  FieldPath(path, "duration"), findings);
  }
}

void ValidatePrompt(const Prompt& prompt, const AudioFiles& files, const std::string& path,
                    Findings& findings) {
  switch (prompt.content_case()) {
    case Prompt::kText:
      ValidateText(prompt.text(), FieldPath(path, "text"), findings);
      break;
    case Prompt::kAudio:
      ValidateAudio(prompt.audio(), files, FieldPath(path, "audio"), findings);
      break;
    case Prompt::CONTENT_NOT_SET:
      break;
  }
  if (prompt.has_voice()) ValidateVoice(prompt.voice(), FieldPath(path, "voice"), findings);
}

void ValidatePlan(const Plan& plan, const AudioFiles& files, const std::string& path,
                  Findings& findings) {
  if (plan.has_voice()) ValidateVoice(plan.voice(), FieldPath(path, "voice"), findings);
  if (plan.has_greeting())
    ValidatePrompt(plan.greeting(), files, FieldPath(path, "greeting"), findings);
  if (plan.has_announcement()) {
    ValidatePrompt(plan.announcement(), files, FieldPath(path, "announcement"), findings);
  }
  if (plan.has_apology())
    ValidatePrompt(plan.apology(), files, FieldPath(path, "apology"), findings);
  if (plan.has_music()) ValidateMusic(plan.music(), files, FieldPath(path, "music"), findings);
  if (plan.has_ring_timeout()) {
    ValidateRingTimeout(plan.ring_timeout(), FieldPath(path, "ring_timeout"), findings);
  }
  ValidateRecording(plan.recording(), FieldPath(path, "recording"), findings);
  if (RecordsBeforeNotice(plan, plan)) {
    findings.Refuse(FieldPath(path, "recording.start"), kJoinedWithoutNotice);
  }
  if (plan.has_max_duration()) {
    ValidateRange(plan.max_duration(), kMaxDurationMin, kMaxDurationMax,
                  FieldPath(path, "max_duration"), findings);
  }
}

void ValidateCallee(const Callee& callee, const std::string& path, Findings& findings) {
  if (callee.has_endpoint()) {
    ValidateEndpoint(callee.endpoint(), FieldPath(path, "endpoint"), findings);
  } else {
    findings.Refuse(FieldPath(path, "endpoint"), "required");
  }
  if (!callee.caller_id_number().empty()) {
    ValidateNumber(callee.caller_id_number(), FieldPath(path, "caller_id_number"), findings);
  }
  if (callee.has_ring_timeout()) {
    ValidateRingTimeout(callee.ring_timeout(), FieldPath(path, "ring_timeout"), findings);
  }
}

void ValidateEndpoint(const Endpoint& endpoint, const std::string& path, Findings& findings) {
  switch (endpoint.kind_case()) {
    case Endpoint::kPhone:
      ValidateNumber(endpoint.phone().number(), FieldPath(path, "phone.number"), findings);
      return;
    case Endpoint::kSip:
      return ValidateSip(endpoint.sip(), FieldPath(path, "sip"), findings);
    case Endpoint::kWebrtc:
      return ValidateWebrtc(endpoint.webrtc(), FieldPath(path, "webrtc"), findings);
    case Endpoint::KIND_NOT_SET:
      findings.Refuse(path, "needs phone, sip or webrtc");
      return;
  }
}

void ValidateLabels(const google::protobuf::Map<std::string, std::string>& labels,
                    const std::string& path, Findings& findings) {
  if (labels.size() > static_cast<std::size_t>(base::kLabelsMax)) {
    findings.Refuse(path, absl::StrFormat("has more than %d entries", base::kLabelsMax));
  }
  for (const auto& [key, value] : base::Sorted(labels)) {
    const bool named = !key.empty() && key.size() <= base::kLabelKeyBytesMax &&
                       std::all_of(key.begin(), key.end(), [](char c) {
                         return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
                                c == '.' || c == '-';
                       });
    if (!named) {
      findings.Refuse(KeyPath(path, key),
                      "a label's key must be 1 to 63 of a-z, 0-9, \"_\", \".\" and \"-\"");
    } else if (value.size() > base::kLabelValueBytesMax ||
               !base::CountCodePoints(value).has_value()) {
      findings.Refuse(FieldPath(path, key), absl::StrFormat("must be at most %d bytes of UTF-8",
                                                            base::kLabelValueBytesMax));
    }
  }
}

void ValidateRingTimeout(const google::protobuf::Duration& ring_timeout, const std::string& path,
                         Findings& findings) {
  ValidateRange(ring_timeout, kRingTimeoutMin, kRingTimeoutMax, path, findings);
}

void ValidateNumber(std::string_view number, const std::string& path, Findings& findings) {
  if (number.empty()) {
    findings.Refuse(path, "required");
  } else if (!NormalizeNumber(number).has_value()) {
    findings.Refuse(path, kNumberDescription);
  }
}

void ValidateRange(const google::protobuf::Duration& duration, base::Duration min,
                   base::Duration max, const std::string& path, Findings& findings) {
  // The comparison uses seconds first, because a client may send a value that does not fit into
  // nanoseconds.
  constexpr std::int64_t kSecondsMax = 1'000'000'000;
  const bool sane = duration.seconds() >= 0 && duration.seconds() <= kSecondsMax &&
                    duration.nanos() >= 0 && duration.nanos() < 1'000'000'000;
  const base::Duration value = sane ? base::FromProtoDuration(duration) : base::Duration(-1);
  if (value < min || value > max) {
    findings.Refuse(path, absl::StrFormat("must be %s to %s", base::FormatDuration(min),
                                          base::FormatDuration(max)));
  }
}

}  // namespace callbridge::settings
