// Reads the living sessions from the newest to the oldest, a page at a time. Sessions on damaged
// pages of the store are skipped. The store does not say where a damage ends, so sessions that
// began shortly before the damaged ones may be skipped as well. It changes no session.
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
  // Reads the page at this place, which is the same page until GoOn. Absent means that the read met
  // damage: the next call reads less, or further down, and there is no page to continue from.
  // UNAVAILABLE comes from the store.
  absl::StatusOr<std::optional<std::vector<internal::v1::Session>>> Read(store::Sessions& sessions,
                                                                         base::Time now);
  // Continues with the page after the one that was read.
  void GoOn();
  // True after the last page.
  bool done() const { return done_; }
  void SetDone() { done_ = true; }

 private:
  void PassOverDamage(base::Time now);

  std::string place_;
  std::string next_place_;
  bool done_ = false;
  int page_size_ = base::kSweepChunk;
  // While damage is skipped: the creation time of the last session above it, and how far below that
  // time the next page begins.
  base::Time above_;
  base::Duration gap_{};
};

}  // namespace callbridge::worker
