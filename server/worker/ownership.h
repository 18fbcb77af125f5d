// Whose a call or a conference of the provider's lists is: of another service, of a session that
// still wants it, or nobody's. Pure. In doubt a call is somebody's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "callbridge/internal/v1/facts.pb.h"
#include "callbridge/internal/v1/session.pb.h"

namespace callbridge::worker {

// True if the call's customData names this service. An incoming call that nobody answered has no
// customData.
bool IsOurs(const internal::v1::CallFacts& call, std::string_view service_id);
// The session that the call's customData names. Empty: none.
std::string SessionOf(const internal::v1::CallFacts& call);
// The session in the conference's name, "<service_id>/<session>". Absent: it is not ours.
std::optional<std::string> SessionOf(const internal::v1::ConferenceFacts& conference,
                                     std::string_view service_id);

// False for what has ended, and for an incoming call that was not answered: its caller hears
// ringing, and may be another's.
bool MayBeHungUp(const internal::v1::CallFacts& call);

// The session still wants the call, or pursues its hangup. A session that lives owns every call
// that names it and that it does not take for over.
bool Owns(const internal::v1::Session& session, const internal::v1::CallFacts& call);
bool Owns(const internal::v1::Session& session, const internal::v1::ConferenceFacts& conference);

}  // namespace callbridge::worker
