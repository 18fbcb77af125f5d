// Who calls a method and how long they wait: what the methods need of gRPC's context, so that they
// can be tested without.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace callbridge::api {

struct Asker {
  // The authenticated identity. Empty: nobody authenticated.
  std::string identity;
  // W3C trace id of the request. Empty: none.
  std::string trace_id;
  // By the steady clock, so that a system's clock that is set neither cuts nor prolongs a call.
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  // Asked before the work begins, and again after each chunk of a long search.
  std::function<bool()> cancelled = [] { return false; };

  // Nobody waits for the answer any more.
  bool Gone() const;
};

// The trace id of a traceparent header; empty if there is none in it.
std::string TraceIdOf(const std::string& traceparent);

}  // namespace callbridge::api
