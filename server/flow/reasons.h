// What a provider's error means for people: the table from the provider's error names to EndReason.
#pragma once

#include <string_view>

#include "callbridge/v1/session.pb.h"

namespace callbridge::flow {

// Returns the reason for errorCode.name of a call that ended (docs/provider.md §6). For an unknown
// name it returns UNREACHABLE.
v1::EndReason ReasonOfError(std::string_view name);
// Returns the reason for a refused request, from the HTTP status first, then from the name.
v1::EndReason ReasonOfRefusal(int http_status, std::string_view name);
// Likewise for the refused creation of a conference, whose 404 is the account's fault.
v1::EndReason ReasonOfRefusedCreation(int http_status, std::string_view name);
// True if this service or the provider is at fault (FAILED), and not the person.
bool IsFailure(v1::EndReason reason);
// Returns a text like "did not answer" or "is busy", which ends a sentence that begins with the
// person.
std::string_view Phrase(v1::EndReason reason);

}  // namespace callbridge::flow
