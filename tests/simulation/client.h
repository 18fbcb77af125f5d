// The callers of the API: one starts a bridge and repeats its request until it is answered, one
// asks for an end. They use the production methods of any server that is there, and report what
// they were told.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "callbridge/v1/bridge_service.pb.h"
#include "server/api/asker.h"
#include "server/base/time.h"

namespace callbridge::simulation {

class World;

// Asks for the bridge now, and again while no answer comes, for a minute. Asks once more after it
// was answered, as a client does that was restarted: the same session must come back.
void StartBridge(World& world, v1::StartBridgeRequest request);

// Takes the offer of the call to this number, when there is one.
void TakeOffer(World& world, const std::string& service_number, v1::StartBridgeRequest request);

// Asks for the end of the session now, and again while no answer comes, for a minute.
void EndSession(World& world, const std::string& session_id);
// Asks for the change of a leg now, and again while no answer comes, for a minute.
void UpdateLeg(World& world, const v1::UpdateLegRequest& request);
// Let people hear something, or want keys, as UpdateLeg.
void PlayPrompt(World& world, const v1::PlayPromptRequest& request);
void StopSounds(World& world, const v1::StopSoundsRequest& request);
void SendDigits(World& world, const v1::SendDigitsRequest& request);
void CaptureDigits(World& world, const v1::CaptureDigitsRequest& request);
// Lets somebody of some session that has not ended hear something, or nothing more, or wants keys,
// by chance. Does nothing if there is none. request_id: of the request.
void LetSomebodyHear(World& world, const std::string& request_id);
// Wants something, by chance, for some leg of some session that has not ended. Does nothing if
// there is none. request_id: of the request.
void UpdateSomeLeg(World& world, const std::string& request_id);
// Of some session that has not ended. Does nothing if there is none.
void EndSomeSession(World& world);

}  // namespace callbridge::simulation
