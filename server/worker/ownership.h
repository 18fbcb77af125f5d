// Decides to whom a call or a conference in the provider's lists belongs: to another service, to a
// session that still wants it, or to neither. Pure. In doubt a call counts as owned.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "callbridge/internal/v1/facts.pb.h"
#include "callbridge/internal/v1/session.pb.h"

namespace callbridge::worker {

// True if the call's customData names this service. An incoming call that was never answered has no
// customData.
bool IsOurs(const internal::v1::CallFacts& call, std::string_view service_id);
// The session that the call's customData names; empty if it names none.
std::string SessionOf(const internal::v1::CallFacts& call);
// The session in the conference's name, "<service_id>/<session>". Absent means that the conference
// is not ours.
std::optional<std::string> SessionOf(const internal::v1::ConferenceFacts& conference,
                                     std::string_view service_id);

// False for a call that has ended, and for an incoming call that was not answered: its caller hears
// ringing, and it may belong to another service.
bool MayBeHungUp(const internal::v1::CallFacts& call);

// True if the session still wants the call, or pursues its hangup. A living session owns every call
// that names it and that it does not consider over.
bool Owns(const internal::v1::Session& session, const internal::v1::CallFacts& call);
bool Owns(const internal::v1::Session& session, const internal::v1::ConferenceFacts& conference);

}  // namespace callbridge::worker
