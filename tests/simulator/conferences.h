// The life of a conference: calls join it, leave it, and it finishes. Every function leaves the
// world consistent and reports its events; none checks whether a request was allowed to ask for it.
#pragma once

#include <string>

#include "tests/simulator/calls.h"
#include "tests/simulator/world.h"

namespace callbridge::simulator {

struct ConferenceRequest {
  std::string name;
  std::string configuration;
  Platform platform;
  base::Duration max_duration = std::chrono::seconds(28'800);
  std::string base_url;
};

Conference& CreateConference(World& world, const ConferenceRequest& request);
// The call becomes a participant that joins now if it is established, else when it is.
void AddToConference(World& world, Conference& conference, Call& call, const Role& role,
                     bool on_early_media);
// Absorbs a call that is not joining this conference, or not yet allowed to.
void CompleteJoin(World& world, Conference& conference, Call& call);
// PARTICIPANT_REMOVED, or PARTICIPANT_JOIN_FAILED if it never joined. The conference itself goes
// on: AfterLeaving.
void LeaveConference(World& world, Conference& conference, Call& call, const std::string& reason);
// Finishes a conference whose participants are gone, by the switches.
void AfterLeaving(World& world, Conference& conference);
// Ends every call in it and then the conference. error is the name of an error code.
void HangUpConference(World& world, Conference& conference, const std::string& error,
                      const std::string& source);
void OnConferenceTimer(World& world, Conference& conference, const Timer& timer);

}  // namespace callbridge::simulator
