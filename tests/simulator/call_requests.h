// The operations on calls, docs/provider.md §3.4: each checks the states and does what was asked.
// Bodies are valid already.
#pragma once

#include "tests/simulator/answer.h"
#include "tests/simulator/calls.h"

namespace callbridge::simulator {

Answer OnCreateCall(World& world, const ParsedRequest& request);
Answer OnSendRinging(World& world, const ParsedRequest& request);
Answer OnPreAnswer(World& world, const ParsedRequest& request);
Answer OnAnswer(World& world, const ParsedRequest& request);
Answer OnHangUp(World& world, const ParsedRequest& request);
Answer OnSay(World& world, const ParsedRequest& request);
Answer OnPlay(World& world, const ParsedRequest& request);
Answer OnStopPlay(World& world, const ParsedRequest& request);

// Shared with the conferences' requests.
DialRequest ReadDialRequest(const World& world, const simdjson::dom::object& body,
                            const ParsedRequest& request);
// Of say: SAY_FINISHED. Of play: PLAY_FINISHED, whatever its content.
Sound ReadSay(const World& world, const simdjson::dom::object& body);
Sound ReadPlay(const World& world, const simdjson::dom::object& body);
// "http://" and the Host that the request was sent to: where the thing it makes lives.
std::string BaseUrlOf(const World& world, const ParsedRequest& request);
// Refuses an unknown callsConfigurationId, by the switch unknown-configuration. It is no violation:
// the account is not set up.
bool KnowsConfiguration(const World& world, const std::string& id, Answer& answer);
// The answer to a say whose text is too long, by the switch say-limit.
bool IsTooLongToSay(const World& world, const ParsedRequest& request, Answer& answer);
// The answer to a dial whose callee's script says `refused`.
bool RefusesDial(const World& world, const DialRequest& dial, Answer& answer);

}  // namespace callbridge::simulator
