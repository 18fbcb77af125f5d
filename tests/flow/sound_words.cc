#include "tests/flow/sound_words.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>

#include "server/base/time.h"

namespace callbridge::flow {

using std::chrono::seconds;

internal::v1::RequestSound SoundOf(const std::vector<std::string>& words) {
  internal::v1::RequestSound request;
  if (words[1] != "all") {
    const std::vector<std::string> legs = absl::StrSplit(words[1], ',');
    for (const std::string& leg : legs) request.add_leg_ids(leg);
  }
  internal::v1::RequestedSound& sound = *request.mutable_sound();
  sound.set_request_id(words[2]);
  std::size_t text = 3;
  if (words[0] == "capture") {
    internal::v1::Capture& capture = *sound.mutable_capture();
    int length = 0;
    EXPECT_TRUE(absl::SimpleAtoi(words[text++], &length));
    capture.set_max_length(length);
    *capture.mutable_first_digit_timeout() = base::ToProtoDuration(seconds(8));
    *capture.mutable_digit_timeout() = base::ToProtoDuration(seconds(2));
  }
  if (words[0] == "play") {
    sound.mutable_prompt()->mutable_audio()->set_url("https://example.com/chime.wav");
    *sound.mutable_prompt()->mutable_audio()->mutable_duration() =
        base::ToProtoDuration(seconds(2));
  } else if (text < words.size()) {
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(text);
    sound.mutable_prompt()->set_text(absl::StrJoin(first, words.end(), " "));
  }
  return request;
}

void AddCaptured(const std::vector<std::string>& words,
                 internal::v1::ProviderEvent::Captured& captured) {
  int count = 0;
  EXPECT_TRUE(absl::SimpleAtoi(words[2], &count));
  captured.set_digit_count(count);
  for (std::size_t i = 3; i < words.size(); ++i) {
    if (words[i] == "timeout") captured.set_timed_out(true);
    if (words[i] == "heard") captured.set_prompt_completed(true);
    if (words[i] == "refusing") captured.set_digits("9");
    if (words[i] == "notice") {
      auto& mark = *captured.add_custom_data();
      mark.set_key("refuse");
      mark.set_value("9");
    }
    if (words[i] == "kept") captured.set_digits(std::string(static_cast<std::size_t>(count), '7'));
  }
}

}  // namespace callbridge::flow
