#include "client/cli/sound_sentence.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <string>

#include "client/cli/words.h"
#include "server/base/mask.h"

namespace callbridge::cli {
namespace {

// request_id: of a prompt that a client asked for.
std::string PromptName(v1::PromptKind prompt, const std::string& request_id) {
  switch (prompt) {
    case v1::PROMPT_KIND_GREETING:
      return "the greeting";
    case v1::PROMPT_KIND_ANNOUNCEMENT:
      return "the announcement";
    case v1::PROMPT_KIND_APOLOGY:
      return "the apology";
    case v1::PROMPT_KIND_NOTICE:
      return "the notice before recording";
    case v1::PROMPT_KIND_WHISPER:
      return "the whisper";
    case v1::PROMPT_KIND_REQUESTED:
      return "the requested prompt " + base::MaskText(Printable(request_id));
    default:
      return "a prompt";
  }
}

Sentence DescribePromptStart(const v1::PromptStarted& event) {
  const std::string prompt = PromptName(event.prompt(), event.request_id());
  if (event.leg_id().empty()) return {Weight::kNormal, "both hear " + prompt};
  return {Weight::kNormal, LegName(event.leg_id()) + " hears " + prompt};
}

// A prompt that a client asked for may have failed without having begun.
Sentence DescribeRequestedEnd(const v1::PromptFinished& event) {
  const std::string prompt = PromptName(event.prompt(), event.request_id());
  const std::string leg = LegName(event.leg_id());
  std::string played;
  if (event.has_played_duration()) played = " after " + DurationText(event.played_duration());
  switch (event.completion()) {
    case v1::PromptFinished::COMPLETION_CUT:
      return {Weight::kNormal, prompt + " is cut short for " + leg + played};
    case v1::PromptFinished::COMPLETION_ASSUMED:
      return {Weight::kTrouble,
              prompt + "'s end was never reported for " + leg + "; the bridge goes on"};
    case v1::PromptFinished::COMPLETION_FAILED:
      return {Weight::kTrouble, prompt + " was not heard by " + leg};
    default:
      return {Weight::kNormal, prompt + " is over for " + leg + played};
  }
}

Sentence DescribePromptEnd(const v1::PromptFinished& event) {
  if (event.prompt() == v1::PROMPT_KIND_REQUESTED) return DescribeRequestedEnd(event);
  const std::string prompt = PromptName(event.prompt(), event.request_id());
  std::string played;
  if (event.has_played_duration()) played = " after " + DurationText(event.played_duration());
  switch (event.completion()) {
    case v1::PromptFinished::COMPLETION_CUT:
      return {Weight::kNormal, prompt + " is cut short" + played};
    case v1::PromptFinished::COMPLETION_ASSUMED:
      return {Weight::kTrouble, prompt + "'s end was never reported; the bridge goes on"};
    case v1::PromptFinished::COMPLETION_FAILED:
      return {Weight::kTrouble, prompt + " failed and was not heard; the bridge goes on"};
    default:
      return {Weight::kNormal, prompt + " is over" + played};
  }
}

Sentence DescribeMusicStart(const v1::MusicStarted& event) {
  if (event.run_number() <= 1) return {Weight::kNormal, "the caller hears music"};
  return {Weight::kNormal, absl::StrFormat("the music begins again (run %d)", event.run_number())};
}

Sentence DescribeMusicEnd(const v1::MusicStopped& event) {
  if (event.ran_out()) return {Weight::kNormal, "the music ran out"};
  if (!event.has_stop_duration()) return {Weight::kNormal, "the music stopped"};
  return {Weight::kNormal,
          absl::StrFormat("the music stopped (%s)", DurationText(event.stop_duration()))};
}

Sentence DescribePromptRequest(const v1::PromptRequested& event) {
  std::string legs;
  for (const std::string& leg_id : event.leg_ids()) {
    legs += (legs.empty() ? "" : " and ") + LegName(leg_id);
  }
  return {Weight::kNormal,
          absl::StrFormat("%s is to be heard by %s%s",
                          PromptName(v1::PROMPT_KIND_REQUESTED, event.request_id()), legs,
                          AskedBy(event.client_identity()))};
}

Sentence DescribeStopRequest(const v1::SoundsStopRequested& event) {
  const std::string whose = event.leg_id().empty() ? "" : " of " + LegName(event.leg_id());
  return {Weight::kNormal, absl::StrFormat("the requested sounds%s are to end%s", whose,
                                           AskedBy(event.client_identity()))};
}

Sentence DescribeDigitsRequest(const v1::DigitsRequested& event) {
  const std::string leg = LegName(event.leg_id());
  const std::string by = AskedBy(event.client_identity());
  return {Weight::kNormal, event.capture()
                               ? absl::StrFormat("keys of %s are to be captured%s", leg, by)
                               : absl::StrFormat("keys are to be sent to %s%s", leg, by)};
}

Sentence DescribeSent(const v1::DigitsSent& event) {
  const std::string leg = LegName(event.leg_id());
  std::string error = ProviderErrorText(event.provider_error());
  if (!error.empty()) error = absl::StrFormat(" [provider: %s]", error);
  switch (event.result()) {
    case v1::DigitsSent::RESULT_FAILED:
      return {Weight::kTrouble, "keys were not sent to " + leg + error};
    case v1::DigitsSent::RESULT_UNKNOWN:
      return {Weight::kTrouble, "keys may have been sent to " + leg + ", or not" + error};
    default:
      return {Weight::kNormal, "keys were sent to " + leg};
  }
}

Sentence DescribeReceived(const v1::DigitsReceived& event, const Context& context) {
  const std::string leg = LegName(event.leg_id());
  switch (event.completion()) {
    case v1::DigitsReceived::COMPLETION_CUT:
      return {Weight::kNormal, "the capture of " + leg + "'s keys is cut short"};
    case v1::DigitsReceived::COMPLETION_ASSUMED:
      return {Weight::kTrouble, "the end of the capture of " + leg +
                                    "'s keys was never reported; the bridge goes on"};
    case v1::DigitsReceived::COMPLETION_FAILED:
      return {Weight::kTrouble, "no keys of " + leg + " were captured; the bridge goes on"};
    default:
      break;
  }
  const bool late = event.completion() == v1::DigitsReceived::COMPLETION_TIMED_OUT;
  const std::string suffix = late ? ", and no further key in time" : "";
  if (!event.digits().empty() && context.show_numbers) {
    return {Weight::kNormal, leg + " pressed " + Printable(event.digits()) + suffix};
  }
  const int count = std::max(event.digit_count(), static_cast<int>(event.digits().size()));
  return {Weight::kNormal,
          absl::StrFormat("%s pressed %d key%s%s", leg, count, count == 1 ? "" : "s", suffix)};
}

}  // namespace

Sentence DescribeSoundEvent(const v1::SessionEvent& event, const Context& context) {
  switch (event.event_case()) {
    case v1::SessionEvent::kPromptStarted:
      return DescribePromptStart(event.prompt_started());
    case v1::SessionEvent::kPromptFinished:
      return DescribePromptEnd(event.prompt_finished());
    case v1::SessionEvent::kMusicStarted:
      return DescribeMusicStart(event.music_started());
    case v1::SessionEvent::kMusicStopped:
      return DescribeMusicEnd(event.music_stopped());
    case v1::SessionEvent::kPromptRequested:
      return DescribePromptRequest(event.prompt_requested());
    case v1::SessionEvent::kSoundsStopRequested:
      return DescribeStopRequest(event.sounds_stop_requested());
    case v1::SessionEvent::kDigitsRequested:
      return DescribeDigitsRequest(event.digits_requested());
    case v1::SessionEvent::kDigitsSent:
      return DescribeSent(event.digits_sent());
    default:
      return DescribeReceived(event.digits_received(), context);
  }
}

}  // namespace callbridge::cli
