// Whether there is room for one more bridge: sessions, disk, and dials that will leave in time.
// StartBridge and the intake of incoming calls ask the same room, so that every limit holds for
// both. Running sessions are never touched.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "callbridge/internal/v1/input.pb.h"
#include "server/base/time.h"
#include "server/provider/pace.h"
#include "server/store/upkeep.h"

namespace callbridge::admission {

// What one more bridge needs.
struct Wish {
  // The number of new sessions. It is 0 if the bridge's session exists already.
  int sessions = 1;
  // The number of dials; a click-to-call needs two.
  int dials = 0;
  int conferences = 0;
  // The time by which the caller must have been dialled. Absent means that there is no caller to
  // dial.
  std::optional<base::Time> dial_by_time = std::nullopt;
};

struct Answer {
  enum class Shortage { kNone, kSessions, kDisk, kDials };
  Shortage shortage = Shortage::kNone;
  // Set for kDials: the number of dials that still have to leave, how many leave in a second, and
  // the delay after which the client may ask again.
  std::int64_t dials_to_come = 0;
  double dials_per_second = 0;
  base::Duration retry_delay{};
  // Set for a refused incoming call: there is room for the short session that rejects it.
  bool may_reject = true;
};

class Room {
 public:
  struct Parts {
    store::Upkeep& upkeep;
    provider::Outlook& outlook;
    // The limits, with all defaults filled in.
    const config::v1::Limits& limits;
    // Says how long a dial may wait for its turn, and how long an answered call for its conference.
    const internal::v1::Timing& timing;
    // Returns the free bytes in the store's folder. Empty means that the store needs no disk.
    std::function<std::int64_t()> free_disk_bytes;
  };

  // The places of the wishes that were granted, and the session of each wish that was refused,
  // because a call that is rejected has a session for some seconds. They are held until the store
  // counts them itself. The caller drops them when the append has returned.
  class Places {
   public:
    Places() = default;
    ~Places() { Drop(); }
    Places(Places&& other) noexcept
        : room_(std::exchange(other.room_, nullptr)), taken_(std::move(other.taken_)) {}
    Places& operator=(Places&& other) noexcept;

   private:
    friend class Room;
    void Drop();

    Room* room_ = nullptr;
    std::vector<Wish> taken_;
  };

  struct Answers {
    // One answer for each wish.
    std::vector<Answer> answers;
    Places places;
  };

  // Everything that `parts` refers to must outlive the room.
  explicit Room(Parts parts) : parts_(std::move(parts)) {}

  // Answers each wish with those before it taken into account: a granted one with everything that
  // it takes, a refused one with its session. Grants the wishes that find room.
  // Otherwise it returns a status of the store. Thread-safe.
  absl::StatusOr<Answers> Ask(const std::vector<Wish>& wishes, base::Time now);

 private:
  // What was granted and perhaps not yet counted by the store.
  struct Granted {
    std::int64_t sessions = 0;
    std::int64_t dials = 0;
    std::int64_t conferences = 0;
    // The times of all callers, so that the first of the rest is known when one is dropped.
    std::multiset<base::Time> dial_by_times;
  };

  void Hold(const Wish& wish) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void LetGo(const Wish& wish) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddGranted(store::Load& load) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::int64_t FreeBytes(const store::Load& load) const;
  Answer Judge(const Wish& wish, const store::Load& load, std::int64_t free_bytes,
               base::Time now) const;
  Answer JudgeDials(const Wish& wish, const store::Load& load, base::Time now) const;
  // By how much the last of all dials, or conferences, would leave too late; negative if it leaves
  // in time.
  base::Duration DialsAreLateBy(const Wish& wish, const store::Load& load,
                                const provider::LeavingRate& dialling, base::Time now) const;
  base::Duration ConferencesAreLateBy(const Wish& wish, const store::Load& load,
                                      base::Time now) const;
  base::Duration WaitForPlaces(const Wish& wish, const store::Load& load,
                               const provider::LeavingRate& dialling, base::Time now) const;

  const Parts parts_;
  absl::Mutex mutex_;
  Granted granted_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace callbridge::admission
