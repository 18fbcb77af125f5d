// Whether there is room for one more bridge: sessions, waiting dials, disk. Overload is refused in
// words, with the time after which another try makes sense; what runs already is never touched.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <functional>

#include "callbridge/config/v1/settings.pb.h"
#include "server/base/time.h"
#include "server/store/store.h"

namespace callbridge::api {

struct Room {
  store::Store& store;
  // With all defaults filled in.
  const config::v1::Settings& settings;
  // In the store's folder. Empty: the store needs no disk.
  std::function<std::int64_t()> free_disk_bytes;
};

// TOO_MANY_SESSIONS and DIAL_BACKLOG with RetryInfo, or the store's status. takes_offer: the
// session exists already.
absl::Status CheckRoom(const Room& room, bool takes_offer, base::Time start_before, base::Time now);

}  // namespace callbridge::api
