#include "server/flow/prompt_time.h"

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/strip.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include "server/base/limits.h"

namespace callbridge::flow {
namespace {

using std::chrono::milliseconds;

// The assumed length of a recorded prompt whose length is not given.
constexpr std::chrono::seconds kAudioDefault{30};
constexpr milliseconds kPerCodePoint{150};
constexpr milliseconds kPerWideCodePoint{400};

// True if a code point from U+2E80 up begins here. Its first byte is E2, followed by BA or more, or
// is above E2.
bool IsWide(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(at);
  return first > 0xE2 || (first == 0xE2 && byte(at + 1) >= 0xBA);
}

// Returns the sum of the breaks, such as <break time="2s"/> and <break time="500ms"/>.
milliseconds SumOfBreaks(std::string_view text) {
  constexpr std::string_view kBreak = "<break";
  double total = 0;
  for (std::size_t at = text.find(kBreak); at != std::string_view::npos;
       at = text.find(kBreak, at + 1)) {
    std::string_view element = text.substr(at, text.find('>', at) - at);
    const std::size_t open = element.find("time=");
    if (open == std::string_view::npos || open + 6 >= element.size()) continue;
    std::string_view value = element.substr(open + 6);
    value = value.substr(0, value.find_first_of("\"'"));
    double scale = 0;
    if (value.size() > 2 && value.substr(value.size() - 2) == "ms") {
      scale = 1;
      value.remove_suffix(2);
    } else if (!value.empty() && value.back() == 's') {
      scale = 1000;
      value.remove_suffix(1);
    }
    double number = 0;
    const std::string digits(value);
    if (scale > 0 && absl::SimpleAtod(digits, &number) && number > 0) {
      total += std::min(number * scale, 60'000.0);
    }
  }
  return milliseconds(static_cast<milliseconds::rep>(total));
}

}  // namespace

const v1::Prompt& PromptOf(const v1::Plan& plan, v1::PromptKind kind) {
  switch (kind) {
    case v1::PROMPT_KIND_GREETING:
      return plan.greeting();
    case v1::PROMPT_KIND_ANNOUNCEMENT:
      return plan.announcement();
    case v1::PROMPT_KIND_NOTICE:
      return plan.recording().notice().prompt();
    default:
      return plan.apology();
  }
}

bool IsSilent(const v1::Prompt& prompt) {
  switch (prompt.content_case()) {
    case v1::Prompt::kText:
      return prompt.text().empty();
    case v1::Prompt::kAudio:
      return prompt.audio().source_case() == v1::Audio::SOURCE_NOT_SET;
    case v1::Prompt::CONTENT_NOT_SET:
      return true;
  }
  return true;
}

base::Duration ExpectedDuration(const v1::Prompt& prompt) {
  if (prompt.has_audio()) {
    return prompt.audio().has_duration() ? base::FromProtoDuration(prompt.audio().duration())
                                         : base::Duration(kAudioDefault);
  }
  const std::string_view text = prompt.text();
  milliseconds sum{0};
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) continue;
    sum += IsWide(text, at) ? kPerWideCodePoint : kPerCodePoint;
  }
  const double rate = prompt.voice().has_speaking_rate()
                          ? std::clamp(prompt.voice().speaking_rate(), 0.5, 2.0)
                          : 1.0;
  const auto spoken =
      milliseconds(static_cast<milliseconds::rep>(static_cast<double>(sum.count()) / rate));
  return spoken + SumOfBreaks(text);
}

base::Duration PromptDeadline(const v1::Prompt& prompt, const internal::v1::Timing& timing) {
  return std::min(base::FromProtoDuration(timing.prompt_grace()) + ExpectedDuration(prompt),
                  base::FromProtoDuration(timing.prompt_max()));
}

base::Duration CaptureDeadline(const internal::v1::RequestedSound& sound,
                               const internal::v1::Timing& timing) {
  const internal::v1::Capture& capture = sound.capture();
  const base::Duration prompt =
      IsSilent(sound.prompt()) ? base::Duration::zero() : ExpectedDuration(sound.prompt());
  return base::FromProtoDuration(timing.prompt_grace()) + prompt +
         base::FromProtoDuration(capture.first_digit_timeout()) +
         (capture.max_length() - 1) * base::FromProtoDuration(capture.digit_timeout());
}

std::optional<base::Duration> KnownDeadline(const internal::v1::PromptLengths& lengths,
                                            v1::PromptKind kind) {
  const google::protobuf::Duration* length = nullptr;
  if (kind == v1::PROMPT_KIND_GREETING && lengths.has_greeting()) length = &lengths.greeting();
  if (kind == v1::PROMPT_KIND_ANNOUNCEMENT && lengths.has_announcement()) {
    length = &lengths.announcement();
  }
  if (kind == v1::PROMPT_KIND_APOLOGY && lengths.has_apology()) length = &lengths.apology();
  if (length == nullptr) return std::nullopt;
  return base::FromProtoDuration(*length) + base::kKnownPromptGrace;
}

}  // namespace callbridge::flow
