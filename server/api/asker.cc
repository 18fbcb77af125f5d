#include "server/api/asker.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <cstddef>

namespace callbridge::api {
namespace {

// The header has the form "00-<trace id>-<parent id>-<flags>".
constexpr std::size_t kTraceIdBegin = 3;
constexpr std::size_t kTraceIdSize = 32;

bool IsLowerHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

bool Asker::Gone() const { return cancelled() || std::chrono::steady_clock::now() >= deadline; }

std::string TraceIdOf(const std::string& traceparent) {
  if (traceparent.size() <= kTraceIdBegin + kTraceIdSize || traceparent[2] != '-' ||
      traceparent[kTraceIdBegin + kTraceIdSize] != '-') {
    return "";
  }
  std::string trace_id = traceparent.substr(kTraceIdBegin, kTraceIdSize);
  // All zeros mean that there is no trace.
  if (!std::all_of(trace_id.begin(), trace_id.end(), IsLowerHex) ||
      trace_id.find_first_not_of('0') == std::string::npos) {
    return "";
  }
  return trace_id;
}

}  // namespace callbridge::api
