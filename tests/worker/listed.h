// Calls, conferences and legs as the provider lists them and sessions keep them, for the tests of
// the sweep.
#pragma once

#include <string>

#include "callbridge/internal/v1/facts.pb.h"
#include "callbridge/internal/v1/session.pb.h"

namespace callbridge::worker {

// Established, with our customData.
inline internal::v1::CallFacts OutgoingCall(const std::string& call_id,
                                            const std::string& session_id,
                                            const std::string& service_id = "test") {
  internal::v1::CallFacts call;
  call.set_call_id(call_id);
  call.set_direction(internal::v1::CallFacts::DIRECTION_OUTBOUND);
  call.set_state(internal::v1::CallFacts::STATE_ESTABLISHED);
  const auto add = [&call](const std::string& key, const std::string& value) {
    internal::v1::KeyValue& entry = *call.add_custom_data();
    entry.set_key(key);
    entry.set_value(value);
  };
  add("service", service_id);
  if (!session_id.empty()) add("session", session_id);
  return call;
}

inline internal::v1::ConferenceFacts ListedConference(const std::string& conference_id,
                                                      const std::string& name) {
  internal::v1::ConferenceFacts conference;
  conference.set_conference_id(conference_id);
  conference.set_name(name);
  return conference;
}

inline internal::v1::Leg& AddLeg(internal::v1::Session& session, const std::string& leg_id,
                                 const std::string& call_id) {
  internal::v1::Leg& leg = *session.add_legs();
  leg.set_leg_id(leg_id);
  leg.set_call_id(call_id);
  leg.set_state(callbridge::v1::Leg::STATE_ANSWERED);
  leg.set_membership(internal::v1::Leg::MEMBERSHIP_IN);
  return leg;
}

}  // namespace callbridge::worker
