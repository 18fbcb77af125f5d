#include "server/settings/plan_resolution.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "server/base/check.h"
#include "server/base/language.h"
#include "server/base/limits.h"
#include "server/base/mask.h"
#include "server/base/nearest.h"
#include "server/base/time.h"
#include "server/settings/dialing_rules.h"
#include "server/settings/plan_validation.h"

namespace callbridge::settings {
namespace {

using callbridge::v1::Callee;
using callbridge::v1::Endpoint;
using callbridge::v1::Music;
using callbridge::v1::Plan;
using callbridge::v1::Prompt;
using callbridge::v1::RecordingNotice;
using callbridge::v1::RecordingPlan;
using callbridge::v1::Voice;

constexpr char kDefaultLanguage[] = "en";
constexpr double kDefaultSpeechRate = 1.0;
constexpr std::chrono::hours kDefaultMaxDuration{2};
constexpr std::chrono::seconds kDefaultRefusalTimeout{3};
// How often music of unknown length is repeated. The session starts the music again when it runs
// out.
constexpr int kDefaultLoopCount = 20;

Plan MakeBuiltInPlan() {
  Plan plan;
  plan.mutable_voice()->set_language(kDefaultLanguage);
  plan.mutable_voice()->set_speaking_rate(kDefaultSpeechRate);
  plan.mutable_greeting()->set_text("Please hold while we connect your call.");
  plan.mutable_announcement()->set_text("You are being connected now.");
  plan.mutable_apology()->set_text(
      "We are sorry, the person you called cannot be reached. Please try again later.");
  *plan.mutable_ring_timeout() = base::ToProtoDuration(kDefaultRingTimeout);
  *plan.mutable_max_duration() = base::ToProtoDuration(kDefaultMaxDuration);
  return plan;
}

// Puts the fields that `over` sets into the plan. Each is taken as a whole, because half of one
// voice and half of another would be a voice that no setting asks for.
void Overlay(const Plan& over, Plan& plan) {
  if (over.has_voice()) *plan.mutable_voice() = over.voice();
  if (over.has_greeting()) *plan.mutable_greeting() = over.greeting();
  if (over.has_announcement()) *plan.mutable_announcement() = over.announcement();
  if (over.has_apology()) *plan.mutable_apology() = over.apology();
  if (over.has_music()) *plan.mutable_music() = over.music();
  if (over.has_ring_timeout()) *plan.mutable_ring_timeout() = over.ring_timeout();
  if (over.has_max_duration()) *plan.mutable_max_duration() = over.max_duration();
  if (over.has_keep_digits()) plan.set_keep_digits(over.keep_digits());
  if (!over.has_recording()) return;
  const RecordingPlan before = plan.recording();
  *plan.mutable_recording() = over.recording();
  // A notice that the operator wants cannot be turned off.
  const bool keeps = before.has_notice() && !over.recording().has_notice();
  if (keeps) *plan.mutable_recording()->mutable_notice() = before.notice();
}

void ResolveFiles(const config::v1::Settings& settings, Plan& plan) {
  for (Prompt* prompt :
       {plan.mutable_greeting(), plan.mutable_announcement(), plan.mutable_apology()}) {
    if (prompt->has_audio()) ResolveAudio(settings, *prompt->mutable_audio());
  }
  if (plan.music().has_audio()) ResolveAudio(settings, *plan.mutable_music()->mutable_audio());
}

void FillVoice(Voice& voice) {
  if (voice.language().empty()) voice.set_language(kDefaultLanguage);
  voice.set_language(base::ProviderLanguage(voice.language()).value_or(voice.language()));
  if (!voice.has_speaking_rate()) voice.set_speaking_rate(kDefaultSpeechRate);
}

bool IsEnglish(const Voice& voice) {
  return voice.language() == "en" || voice.language().starts_with("en-");
}

void FillPrompt(const Prompt& built_in, const Voice& voice, Prompt& prompt) {
  if (prompt.content_case() != Prompt::kText) return;
  if (!prompt.has_voice()) {
    // A built-in text is English, so it does not take a voice of another language.
    if (prompt.text() != built_in.text() || IsEnglish(voice)) *prompt.mutable_voice() = voice;
  }
  FillVoice(*prompt.mutable_voice());
}

// Returns how often the music is repeated. The count is one higher than the ring time needs,
// because the music begins before the telephone rings.
int LoopCount(const Music& music, base::Duration ring_time) {
  if (!music.audio().has_duration()) return kDefaultLoopCount;
  const base::Duration length = base::FromProtoDuration(music.audio().duration());
  base::Check(length > base::Duration(0), "music has a length above zero");
  const std::int64_t loops = (ring_time + length - base::Duration(1)) / length + 1;
  return static_cast<int>(std::min<std::int64_t>(loops, base::kLoopCountMax));
}

void FillNotice(const Voice& voice, RecordingNotice& notice) {
  FillPrompt(Prompt(), voice, *notice.mutable_prompt());
  if (notice.refusing_key().empty()) return;
  if (!notice.has_refusal_timeout()) {
    *notice.mutable_refusal_timeout() = base::ToProtoDuration(kDefaultRefusalTimeout);
  }
  if (notice.refusal() == RecordingNotice::REFUSAL_UNSPECIFIED) {
    notice.set_refusal(RecordingNotice::REFUSAL_UNRECORDED);
  }
}

void FillRecording(Plan& plan) {
  if (!plan.has_recording()) return;
  RecordingPlan& recording = *plan.mutable_recording();
  if (recording.has_notice()) FillNotice(plan.voice(), *recording.mutable_notice());
  if (recording.mode() == callbridge::v1::RECORDING_MODE_UNSPECIFIED) {
    // A client may ask for a recording later, and the notice counts then too.
    if (!recording.has_notice()) plan.clear_recording();
  } else if (recording.start() == RecordingPlan::START_UNSPECIFIED) {
    recording.set_start(RecordingPlan::START_CONNECTED);
  }
}

void FillPlan(base::Duration ring_time, Plan& plan) {
  FillVoice(*plan.mutable_voice());
  FillRecording(plan);
  FillPrompt(BuiltInPlan().greeting(), plan.voice(), *plan.mutable_greeting());
  FillPrompt(BuiltInPlan().announcement(), plan.voice(), *plan.mutable_announcement());
  FillPrompt(BuiltInPlan().apology(), plan.voice(), *plan.mutable_apology());
  if (!plan.has_music()) return;
  if (!plan.music().has_audio()) {
    plan.clear_music();
  } else if (plan.music().loop_count() == 0) {
    plan.mutable_music()->set_loop_count(LoopCount(plan.music(), ring_time));
  }
}

absl::StatusOr<Plan> OverlaidPlan(const config::v1::Settings& settings, std::string_view plan_name,
                                  const Plan& overriding) {
  absl::StatusOr<Plan> plan = NamedPlan(settings, plan_name);
  if (!plan.ok()) return plan;
  Overlay(overriding, *plan);
  ResolveFiles(settings, *plan);
  return plan;
}

}  // namespace

const Plan& BuiltInPlan() {
  static const Plan& plan = *new Plan(MakeBuiltInPlan());
  return plan;
}

callbridge::v1::Audio AudioOf(const config::v1::AudioFile& file) {
  callbridge::v1::Audio audio;
  audio.set_file_id(file.file_id());
  if (file.has_duration()) *audio.mutable_duration() = file.duration();
  return audio;
}

void ResolveAudio(const config::v1::Settings& settings, callbridge::v1::Audio& audio) {
  if (!audio.has_file_name()) return;
  const auto file = settings.audio_files().find(audio.file_name());
  if (file == settings.audio_files().end()) return;
  callbridge::v1::Audio resolved = AudioOf(file->second);
  if (audio.has_duration()) *resolved.mutable_duration() = audio.duration();
  audio = resolved;
}

absl::StatusOr<Plan> NamedPlan(const config::v1::Settings& settings, std::string_view plan_name) {
  Plan plan = BuiltInPlan();
  const auto default_plan = settings.plans().find(kDefaultName);
  if (default_plan != settings.plans().end()) Overlay(default_plan->second, plan);
  const auto named_plan = settings.plans().find(std::string(plan_name));
  const bool is_default = plan_name.empty() || plan_name == kDefaultName;
  if (!is_default && named_plan == settings.plans().end()) {
    std::vector<std::string> names = {kDefaultName};
    for (const auto& [name, unused] : settings.plans()) names.push_back(name);
    std::sort(names.begin(), names.end());
    return absl::NotFoundError(absl::StrFormat("the settings have no plan \"%s\"%s",
                                               base::MaskText(plan_name),
                                               base::DidYouMean(plan_name, names)));
  }
  if (!is_default) Overlay(named_plan->second, plan);
  ResolveFiles(settings, plan);
  return plan;
}

absl::StatusOr<Plan> ResolvePlan(const config::v1::Settings& settings, std::string_view plan_name,
                                 const Plan& overriding) {
  absl::StatusOr<Plan> plan = OverlaidPlan(settings, plan_name, overriding);
  if (plan.ok()) FillPlan(base::FromProtoDuration(plan->ring_timeout()), *plan);
  return plan;
}

Callee ResolveCallee(const Callee& callee, const Plan& plan, std::string_view caller_id_fallback) {
  Callee resolved = callee;
  *resolved.mutable_endpoint() = ResolveEndpoint(callee.endpoint());
  if (!resolved.has_ring_timeout()) *resolved.mutable_ring_timeout() = plan.ring_timeout();
  const std::string_view shown =
      callee.caller_id_number().empty() ? caller_id_fallback : callee.caller_id_number();
  resolved.set_caller_id_number(NormalizeNumber(shown).value_or(std::string(shown)));
  return resolved;
}

Endpoint ResolveEndpoint(const Endpoint& endpoint) {
  Endpoint resolved = endpoint;
  if (resolved.has_phone()) {
    const std::optional<std::string> number = NormalizeNumber(resolved.phone().number());
    base::Check(number.has_value(), "an endpoint is resolved after it was validated");
    resolved.mutable_phone()->set_number(*number);
  }
  return resolved;
}

absl::StatusOr<Bridge> ResolveBridge(const config::v1::Settings& settings,
                                     std::string_view plan_name, const Plan& overriding,
                                     const std::vector<Callee>& callees,
                                     std::string_view caller_id_fallback) {
  absl::StatusOr<Plan> plan = OverlaidPlan(settings, plan_name, overriding);
  if (!plan.ok()) return plan.status();
  if (RecordsBeforeNotice(*plan, *plan)) return absl::InvalidArgumentError(kJoinedWithoutNotice);
  Bridge bridge;
  base::Duration longest_ring{0};
  for (const Callee& callee : callees) {
    bridge.callees.push_back(ResolveCallee(callee, *plan, caller_id_fallback));
    longest_ring =
        std::max(longest_ring, base::FromProtoDuration(bridge.callees.back().ring_timeout()));
  }
  FillPlan(longest_ring, *plan);
  bridge.plan = *std::move(plan);
  return bridge;
}

}  // namespace callbridge::settings
