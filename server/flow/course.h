// The course of a session. Code that holds a Course may decide phase and outcome and answer
// requests. Code that only records facts (Knowledge) or only issues commands (Orders) does not
// hold it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/flow/orders.h"

namespace callbridge::flow {

class Course : public Orders {
 public:
  using Orders::Orders;

  using Orders::session;
  Session& session() { return session_; }

  // Removes and returns all news that were not followed up yet, the oldest first.
  std::vector<News> TakeNews() { return std::exchange(news_, {}); }

  // Accepts the request that the input is.
  void Accept() { transition_.mutable_reply(); }
  // leg_id: the leg that is at fault; empty means none, or the one that the request names.
  void Refuse(v1::ErrorReason error, std::string_view leg_id = {}) {
    transition_.mutable_reply()->set_error(error);
    transition_.mutable_reply()->set_leg_id(std::string(leg_id));
  }
};

}  // namespace callbridge::flow
