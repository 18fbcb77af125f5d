// The request schemas of Calls API appendix B that the simulator serves, as tables. Constant
// data only.
#pragma once

#include "tests/simulator/schema.h"

namespace callbridge::simulator {

const Schema& CallRequestSchema();
const Schema& AnswerRequestSchema();
const Schema& PreAnswerRequestSchema();
const Schema& HangupRequestSchema();
const Schema& SayRequestSchema();
const Schema& PlayRequestSchema();
const Schema& StopPlayRequestSchema();
const Schema& ConferenceRequestSchema();
const Schema& AddNewCallRequestSchema();
const Schema& AddExistingCallRequestSchema();
const Schema& UpdateRequestSchema();
const Schema& UpdateCallRequestSchema();
const Schema& ConferenceSayRequestSchema();
const Schema& ConferencePlayRequestSchema();

// Rules between members that no table says: Calls API §3.0 and §3.5.
void ValidateRelations(const simdjson::dom::object& body, ValidationErrors& errors);

}  // namespace callbridge::simulator
