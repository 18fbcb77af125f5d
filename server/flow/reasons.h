// What a provider's error means for people: the one table from the provider's error names to
// EndReason.
#pragma once

#include <string_view>

#include "callbridge/v1/session.pb.h"

namespace callbridge::flow {

// errorCode.name of a call that ended; docs/provider.md §6. An unknown name: UNREACHABLE.
v1::EndReason ReasonOfError(std::string_view name);
// A request that was refused: the HTTP status first, then the name.
v1::EndReason ReasonOfRefusal(int http_status, std::string_view name);
// Whether a bridge that fails for this reason is our or the provider's fault (FAILED) and not the
// person's.
bool IsFailure(v1::EndReason reason);
// "did not answer", "is busy" …: ends a sentence that begins with the person.
std::string_view Phrase(v1::EndReason reason);

}  // namespace callbridge::flow
