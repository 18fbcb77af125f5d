// How fast requests leave at present, for those who promise that something will leave in time. It
// takes nothing and changes nothing: it answers from what the pace (pace.h) would do now.
#pragma once

#include "callbridge/internal/v1/command.pb.h"
#include "server/base/time.h"

namespace callbridge::client {

struct LeavingRate {
  // When the next one may leave; not before now.
  base::Time next;
  // From then on, as long as no answer changes it.
  double per_second = 0;
};

// Thread-safe.
class Outlook {
 public:
  virtual ~Outlook() = default;

  // Of commands like this one: of its account and action.
  virtual LeavingRate RateOf(const internal::v1::Command& like, base::Time now) = 0;
};

}  // namespace callbridge::client
