// Who calls a method, and how long the caller waits. It is all that the methods need of gRPC's
// context, so that they can be tested without gRPC.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace callbridge::api {

struct Asker {
  // The authenticated identity of the client. Empty: the client is not authenticated.
  std::string identity;
  // W3C trace id of the request. Empty: the request has none.
  std::string trace_id;
  // By the steady clock, so that setting the system's clock neither cuts nor prolongs a call.
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  // Says whether the client has gone. It is asked before the work begins, and after each chunk of a
  // long search.
  std::function<bool()> cancelled = [] { return false; };

  // True if no client waits for the answer any longer.
  bool Gone() const;
};

// The trace id of a traceparent header; empty if there is none in it.
std::string TraceIdOf(const std::string& traceparent);

}  // namespace callbridge::api
