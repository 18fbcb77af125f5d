// When a webhook that was not answered 200 is posted again: docs/provider.md §7.4. Pure.
#pragma once

#include <chrono>
#include <optional>

#include "server/base/time.h"

namespace callbridge::simulator {

struct WebhookSchedule {
  enum class Kind {
    // `repeats` times, each `repeat_after` later.
    kFixed,
    // As the provider publishes it for other channels: 20 times, after 1 min + n² min for n from 0
    // to 19, so that the last one comes 41 h 30 min after the first post.
    kInfobipPush,
  };

  Kind kind = Kind::kFixed;
  int repeats = 2;
  base::Duration repeat_after = std::chrono::seconds(1);
  // The pauses of kInfobipPush take so many times less.
  double speed = 1;
};

// The pause before the next post, if the post was made so many times. Nothing: it is given up.
std::optional<base::Duration> PauseBeforeRepeat(const WebhookSchedule& schedule, int posts);

}  // namespace callbridge::simulator
