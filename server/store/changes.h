// The changes: the role of the store that tells at once that something was stored.
#pragma once

#include <cstdint>
#include <functional>

#include "callbridge/internal/v1/input.pb.h"

namespace callbridge::store {

// Thread-safe. The store calls a listener without holding its locks. A listener must return at
// once, must not call the store, and must not remove a listener.
class Changes {
 public:
  virtual ~Changes() = default;

  // Calls the listener after every durable change, from the thread that made it. Returns a token
  // for RemoveListener.
  virtual int AddListener(std::function<void()> listener) = 0;

  // After it returns, the listener is not running and is never called again.
  virtual void RemoveListener(int token) = 0;

  // Calls the listener for each request (StartBridge, EndSession, UpdateLeg) whose step was stored.
  // It passes the id of the input and the reply, which is empty if the step gave none. Returns a
  // token for RemoveReplyListener.
  virtual int AddReplyListener(
      std::function<void(std::int64_t, const internal::v1::Reply&)> listener) = 0;

  // After it returns, the listener is not running and is never called again.
  virtual void RemoveReplyListener(int token) = 0;
};

}  // namespace callbridge::store
