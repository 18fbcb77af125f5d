// The Step of the revision before the flow was put in order, kept as it was for as long as that
// work goes on. Whatever is stepped in the tests is given to it as well, and both must say the
// same.
#pragma once

#include <string>

#include "callbridge/before/v1/phase.pb.h"
#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/session.pb.h"

namespace callbridge::flow_before {

// One session, as the Step before sees it.
class StepBefore {
 public:
  // The session's next input, from its first one on, and what the Step of today made of it. Returns
  // what the Step before does otherwise; empty: nothing.
  std::string Compare(const internal::v1::Input& input, const internal::v1::Transition& transition);

 private:
  before::v1::Session session_;
};

}  // namespace callbridge::flow_before
