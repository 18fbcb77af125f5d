// What the provider has of a session that a server left: its calls and its conference as the
// session knows them, read from the stored fields themselves and not by the code that is tested.
#pragma once

#include <set>
#include <string>

#include "callbridge/internal/v1/inbox_service.pb.h"
#include "callbridge/internal/v1/session.pb.h"
#include "tests/simulator/model.h"

namespace callbridge::baselines {

// Layout 0 had numbers of its own for a command's status.
internal::v1::Command::Status StatusOf(const internal::v1::OpenCommand& open,
                                       const internal::v1::Session& session);

// The ids of calls and conferences that are over, by the events of the hand-over.
std::set<std::string> EndedBy(const internal::v1::AppendRequest& hand_over);

// People who are called answer; with hang_up they leave the talk, otherwise they stay until they
// are hung up. over: calls and conferences that have ended meanwhile.
void Restore(const internal::v1::Session& session, const std::set<std::string>& over, bool hang_up,
             simulator::Model& model);

// The session's commands in flight, and those of unknown fate, reach the provider.
void LetArrive(const internal::v1::Session& session, base::Time now, simulator::Model& model);

}  // namespace callbridge::baselines
