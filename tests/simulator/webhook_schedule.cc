#include "tests/simulator/webhook_schedule.h"

#include <cmath>

namespace callbridge::simulator {

std::optional<base::Duration> PauseBeforeRepeat(const WebhookSchedule& schedule, int posts) {
  if (schedule.kind == WebhookSchedule::Kind::kFixed) {
    if (posts > schedule.repeats) return std::nullopt;
    return schedule.repeat_after;
  }
  constexpr int kPushRepeats = 20;
  if (posts > kPushRepeats) return std::nullopt;
  const int n = posts - 1;
  const base::Duration pause = std::chrono::minutes(1 + n * n);
  return base::Duration(std::llround(static_cast<double>(pause.count()) / schedule.speed));
}

}  // namespace callbridge::simulator
