// Reads StreamEvents, on the calling thread and within a limit, until something is seen or the
// stream ends. Nothing is repeated and nothing resumed: what the server did is what a test sees.
#pragma once

#include <gmock/gmock.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "callbridge/v1/bridge_service.grpc.pb.h"
#include "tests/end_to_end/settings_file.h"

namespace callbridge::end_to_end {

struct Reading {
  std::vector<v1::SessionEvent> events;
  std::vector<v1::Bookmark> bookmarks;
  // Of the last message that carried one.
  std::string token;
  // True: what was looked for has come and the stream was left. Otherwise the status says how it
  // ended.
  bool found = false;
  grpc::Status status;

  // "leg_joined caller", "prompt_finished GREETING FULL", in order, those of DIAGNOSTIC detail left
  // out.
  std::vector<std::string> Story() const;
  // 1, 2 … as they came.
  std::vector<int> Sequences() const;
  // Of session_ended; empty if it has not come.
  v1::Outcome Outcome() const;
};

std::string Describe(const v1::SessionEvent& event);

using Until = std::function<bool(const v1::StreamEventsResponse& response)>;

// Until `until` holds for a message.
Reading Read(v1::BridgeService::Stub& stub, const v1::StreamEventsRequest& request,
             const Until& until, std::chrono::milliseconds limit = kSessionMax + kMachineSlack);
// From the beginning of a session until an event is described like this.
Reading ReadUntil(v1::BridgeService::Stub& stub, const std::string& session_id,
                  const std::string& description);
// From the beginning of a session to its end.
Reading ReadToEnd(v1::BridgeService::Stub& stub, const std::string& session_id);

// 1, 2 … n.
std::vector<int> FirstNumbers(std::size_t count);

// The expected lines stand in this order, with any others between them.
MATCHER_P(HasInOrder, expected, "has in order " + testing::PrintToString(expected)) {
  auto at = arg.begin();
  for (const std::string& line : expected) {
    at = std::find_if(at, arg.end(), [&](const std::string& one) { return one.find(line) == 0; });
    if (at == arg.end()) {
      *result_listener << "and \"" << line << "\" is missing, or comes too early";
      return false;
    }
    ++at;
  }
  return true;
}

}  // namespace callbridge::end_to_end
