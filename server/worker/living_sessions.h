// Goes through the sessions that are alive, from the newest down, a page at a time. What stands on
// damaged pages of the store is passed over. The store does not say where a damage ends, so that
// sessions which began shortly before the damaged ones may be passed over with them. It changes
// nothing.
#pragma once

#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <vector>

#include "server/base/limits.h"
#include "server/base/time.h"
#include "server/store/sessions.h"

namespace callbridge::worker {

class LivingSessions {
 public:
  // The page at this place: the same one until GoOn. Absent: it meets damage, and the next call
  // reads less, or further down; there is no page to go on from. UNAVAILABLE: as the store says.
  absl::StatusOr<std::optional<std::vector<internal::v1::Session>>> Read(store::Sessions& sessions,
                                                                         base::Time now);
  // To the page behind the one that was read.
  void GoOn();
  // Behind the last page.
  bool done() const { return done_; }
  void SetDone() { done_ = true; }

 private:
  void PassOverDamage(base::Time now);

  std::string place_;
  std::string next_place_;
  bool done_ = false;
  int page_size_ = base::kSweepChunk;
  // While damage is passed over: the birth of the last session above it, and how far below that the
  // next page begins.
  base::Time above_;
  base::Duration gap_{};
};

}  // namespace callbridge::worker
