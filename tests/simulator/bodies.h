// Writes calls, conferences, participants and errors as the provider's responses and events show
// them: docs/provider.md §1.4, §3.0, §4.1. It reads the world and changes nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/simulator/json_writer.h"
#include "tests/simulator/schema.h"
#include "tests/simulator/world.h"

namespace callbridge::simulator {

// Each writes the members of one object that the caller has begun.
void WriteCall(JsonWriter& writer, const World& world, const Call& call);
void WriteCallLog(JsonWriter& writer, const World& world, const Call& call);
// Who is shown: those who are there, also those who are gone (as in CONFERENCE_FINISHED), or
// nobody.
enum class Shown { kPresent, kWithLeft, kNobody };
void WriteConference(JsonWriter& writer, const World& world, const Conference& conference,
                     Shown shown);
void WriteConferenceLog(JsonWriter& writer, const Conference& conference);
void WriteParticipant(JsonWriter& writer, const World& world, const Participant& participant);
void WriteMedia(JsonWriter& writer, const Call& call);
void WriteErrorCode(JsonWriter& writer, const std::string& name);
void WritePlatform(JsonWriter& writer, const Platform& platform);
void WriteEndpoint(JsonWriter& writer, const Endpoint& endpoint);

// Whether a call that has not joined yet shows its conference.
bool ShowsConference(const World& world, const Call& call);

}  // namespace callbridge::simulator
