// The provider's schemas of the requests that the simulator serves (docs/provider.md §3), as
// tables. Constant data only.
#pragma once

#include "tests/simulator/schema.h"

namespace callbridge::simulator {

const Schema& CallRequestSchema();
const Schema& LegacyCallRequestSchema();
const Schema& AnswerRequestSchema();
const Schema& PreAnswerRequestSchema();
const Schema& HangupRequestSchema();
const Schema& SayRequestSchema();
const Schema& PlayRequestSchema();
const Schema& StopPlayRequestSchema();
const Schema& ConferenceRequestSchema();
const Schema& LegacyConferenceRequestSchema();
const Schema& AddNewCallRequestSchema();
const Schema& AddExistingCallRequestSchema();
const Schema& UpdateRequestSchema();
const Schema& UpdateCallRequestSchema();
const Schema& ConferenceSayRequestSchema();
const Schema& ConferencePlayRequestSchema();

// Rules between members, which the provider's specification tells in words.
void ValidateRelations(const simdjson::dom::object& body, ValidationErrors& errors);

}  // namespace callbridge::simulator
