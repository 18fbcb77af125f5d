// The course of a session: whoever holds it decides about phase and outcome, and answers requests.
// The rules of the phases do; what only records facts or issues commands cannot.
#pragma once

#include <utility>
#include <vector>

#include "server/flow/orders.h"

namespace callbridge::flow {

class Course : public Orders {
 public:
  using Orders::Orders;

  using Orders::session;
  Session& session() { return session_; }

  // Takes out all that became known and was not followed up yet, the oldest first.
  std::vector<News> TakeNews() { return std::exchange(news_, {}); }

  // The answer to the request that the input is.
  void Accept() { transition_.mutable_reply(); }
  void Refuse(v1::ErrorReason error) { transition_.mutable_reply()->set_error(error); }
};

}  // namespace callbridge::flow
