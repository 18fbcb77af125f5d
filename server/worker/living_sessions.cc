#include "server/worker/living_sessions.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/base/ids.h"

namespace callbridge::worker {
namespace {

// The first gap, which is the resolution of the time in session ids. The gap doubles until a page
// can be read, so some tens of tries pass any damage. Up to as much time again as is damaged is
// skipped without need.
constexpr std::chrono::milliseconds kFirstGap{1};

}  // namespace

absl::StatusOr<std::optional<std::vector<internal::v1::Session>>> LivingSessions::Read(
    store::Sessions& sessions, base::Time now) {
  store::SessionFilter living;
  living.living = true;
  absl::StatusOr<store::SessionPage> page = sessions.ListSessions(living, place_, page_size_);
  if (absl::IsDataLoss(page.status())) {
    PassOverDamage(now);
    return std::nullopt;
  }
  if (!page.ok()) return page.status();
  next_place_ = page->next_place;
  return std::move(page->sessions);
}

void LivingSessions::GoOn() {
  place_ = next_place_;
  done_ = place_.empty();
  if (gap_ == base::Duration::zero()) return;
  page_size_ = base::kSweepChunk;
  gap_ = base::Duration::zero();
}

void LivingSessions::PassOverDamage(base::Time now) {
  // The sessions above the damage are read first, one at a time.
  if (page_size_ > 1) {
    page_size_ = 1;
    return;
  }
  if (gap_ == base::Duration::zero()) above_ = base::BirthOf(place_).value_or(now);
  gap_ = std::max<base::Duration>(2 * gap_, kFirstGap);
  done_ = above_ - gap_ <= base::Time();
  if (!done_) place_ = base::FirstSessionId(above_ - gap_);
}

}  // namespace callbridge::worker
