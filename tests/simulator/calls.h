// The life of a call: starts, rings, is answered, ends; by a request, by a person or by the clock.
// Every function leaves the world consistent and reports its events; none checks whether a request
// was allowed to ask for it.
#pragma once

#include <optional>
#include <string>

#include "tests/simulator/world.h"

namespace callbridge::simulator {

// What a request to dial says: ActionCallRequest and CallRequest of the provider's specification.
struct DialRequest {
  Endpoint endpoint;
  std::string from;
  std::optional<base::Duration> connect_timeout;
  base::Duration max_duration = std::chrono::seconds(28'800);
  std::map<std::string, std::string> custom_data;
  std::string configuration;
  Platform platform;
  std::string parent_call_id;
  std::string external_id;
  // After the answer; nothing if not asked for.
  std::optional<base::Duration> machine_detection;
  std::string base_url;
};

// A person calls one of the account's numbers.
struct IncomingCall {
  std::string from;
  std::string to;
  // Counted from now. Empty: what the script of `from` says, else until the other side hangs up.
  std::optional<base::Duration> hangs_up;
  // Empty: where the voice action of `to` leads, or else the account's first.
  std::string configuration;
};

// Why and by whom a call ends.
struct CallEnd {
  // Name of an error code.
  std::string error;
  // ENDPOINT, API or PLATFORM.
  std::string source;
};

// Whether the account has a calls configuration of this id.
bool HasConfiguration(const World& world, const std::string& id);

Call& StartOutgoingCall(World& world, const DialRequest& dial);
// CALL_STARTED, and what the callee does next: after the call was added to its conference, so that
// the event shows it.
void PlaceCall(World& world, Call& call, const DialRequest& dial);
Call& StartIncomingCall(World& world, const IncomingCall& incoming);
// An accepted answer request: established after a moment.
void AcceptAnswer(World& world, Call& call);
void PreAnswer(World& world, Call& call);
void Establish(World& world, Call& call);
// Absorbs a call that has ended already.
void EndCall(World& world, Call& call, const CallEnd& end);
// The timers of calls.
void OnCallTimer(World& world, Call& call, const Timer& timer);

}  // namespace callbridge::simulator
