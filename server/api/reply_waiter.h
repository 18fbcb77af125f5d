// Waits until a worker has stepped an input, and gives the step's reply. It only reads the store
// and holds no lock while it does.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>

#include "callbridge/internal/v1/input.pb.h"
#include "server/api/asker.h"
#include "server/api/change_signal.h"
#include "server/store/store.h"

namespace callbridge::api {

// Thread-safe. The store must outlive it.
class ReplyWaiter {
 public:
  explicit ReplyWaiter(store::Store& store) : store_(store), signal_(store) {}

  // Absent: the asker has gone, or kReplyWaitMax is over.
  absl::StatusOr<std::optional<internal::v1::Reply>> Wait(std::int64_t input_id,
                                                          const Asker& asker) const;

 private:
  store::Store& store_;
  ChangeSignal signal_;
};

}  // namespace callbridge::api
