// The client that calls a method, and how long it waits. The methods need no more of gRPC's
// context, so that they can be tested without gRPC.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace callbridge::api {

struct Asker {
  // The authenticated identity of the client. Empty means that the client is not authenticated.
  std::string identity;
  // The W3C trace id of the request. Empty means that the request has none.
  std::string trace_id;
  // When the client stops waiting, by the steady clock, so that setting the system's clock neither
  // cuts nor prolongs a call.
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  // Returns true if the client has gone. It is asked before the work begins, and after each chunk
  // of a long search.
  std::function<bool()> cancelled = [] { return false; };

  // True if the client no longer waits for the answer.
  bool Gone() const;
};

// Returns the trace id of a traceparent header; empty if the header holds none.
std::string TraceIdOf(const std::string& traceparent);

}  // namespace callbridge::api
