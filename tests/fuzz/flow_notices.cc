#include "tests/fuzz/flow_notices.h"

#include <algorithm>

#include "server/base/check.h"
#include "tests/fuzz/flow_inputs.h"
#include "tests/fuzz/flow_recordings.h"

namespace callbridge::fuzz {
namespace {

using base::Check;
using internal::v1::Input;
using internal::v1::Leg;
using internal::v1::ProviderEvent;
using internal::v1::Session;
using v1::NoticeEvidence;

constexpr char kRefusingKey[] = "9";

bool IsProved(const Leg& leg) {
  return leg.notice().evidence().result() == NoticeEvidence::RESULT_PROVED;
}

bool WasProved(const Session& before, const Leg& leg) {
  return std::any_of(before.legs().begin(), before.legs().end(),
                     [&](const Leg& was) { return was.leg_id() == leg.leg_id() && IsProved(was); });
}

bool TellsThatItWasHeard(const Input& input) {
  const ProviderEvent& event = input.provider_event();
  return (event.type() == ProviderEvent::TYPE_SAY_FINISHED && event.playback().completed()) ||
         (event.type() == ProviderEvent::TYPE_DTMF_CAPTURED && event.captured().prompt_completed());
}

}  // namespace

void AddNotice(std::uint8_t kind, v1::RecordingPlan& plan) {
  if (kind % 4 == 0 || plan.start() == v1::RecordingPlan::START_JOINED) return;
  v1::RecordingNotice& notice = *plan.mutable_notice();
  notice.mutable_prompt()->set_text("This call is recorded.");
  if (kind % 4 == 1) return;
  notice.set_refusing_key(kRefusingKey);
  notice.mutable_refusal_timeout()->set_seconds(3);
  notice.set_refusal(kind % 4 == 2 ? v1::RecordingNotice::REFUSAL_UNRECORDED
                                   : v1::RecordingNotice::REFUSAL_END);
}

void AddRefusal(std::uint8_t kind, ProviderEvent::Captured& captured) {
  captured.set_prompt_completed(kind % 4 != 3);
  captured.set_digit_count(kind / 4 % 2);
  const bool marked = kind / 8 % 2 == 0;
  if (marked) AddTag(*captured.mutable_custom_data(), "refuse", kRefusingKey);
  if (marked && captured.digit_count() > 0 && kind / 16 % 2 == 0) captured.set_digits(kRefusingKey);
}

void CheckNotices(const Session& before, const Input& input,
                  const internal::v1::Transition& transition) {
  const Session& after = transition.session();
  if (!after.plan().recording().has_notice()) return;
  bool refused = false;
  for (const Leg& leg : after.legs()) {
    refused = refused || leg.notice().evidence().result() == NoticeEvidence::RESULT_REFUSED;
    Check(!IsProved(leg) || WasProved(before, leg) || TellsThatItWasHeard(input),
          "only the provider's word proves a notice");
  }
  for (const internal::v1::Command& command : transition.commands()) {
    if (!command.has_start_recording()) continue;
    Check(!refused, "nothing is recorded after a refusal");
    for (const Leg& leg : after.legs()) {
      const bool hears = leg.membership() == Leg::MEMBERSHIP_IN && !leg.has_end();
      Check(!hears || IsProved(leg), "nobody is recorded without the notice");
    }
  }
}

}  // namespace callbridge::fuzz
