// The GET requests that ask the provider what is true (docs/provider.md §3.4, §3.5). Pure.
#pragma once

#include <string>

#include "callbridge/internal/v1/command.pb.h"
#include "server/provider/http_message.h"

namespace callbridge::provider {

// Live objects, and what the provider keeps of finished ones for five days.
enum class Source { kLive, kHistory };

HttpRequest GetCall(const std::string& call_id, Source source);
HttpRequest GetConference(const std::string& conference_id, Source source);

// Outgoing calls of the configuration, to the number if one is given, started after the given
// moment. Pages count from 0.
HttpRequest ListCalls(const internal::v1::FindDial& look, const std::string& calls_configuration_id,
                      Source source, int page);
// All calls of the configuration that live.
HttpRequest ListLiveCalls(const std::string& calls_configuration_id, int page);
// All conferences of the configuration that live.
HttpRequest ListLiveConferences(const std::string& calls_configuration_id, int page);
// Live conferences of the configuration with the name.
HttpRequest ListConferences(const std::string& name, const std::string& calls_configuration_id,
                            int page);

}  // namespace callbridge::provider
