// The GET requests that read the present state from the provider (docs/provider.md §3.4, §3.5).
// Pure.
#pragma once

#include <string>

#include "callbridge/internal/v1/command.pb.h"
#include "server/provider/account_options.h"
#include "server/provider/http_message.h"

namespace callbridge::provider {

// Live objects, or finished objects, which the provider keeps for five days.
enum class Source { kLive, kHistory };

HttpRequest GetCall(const std::string& call_id, Source source);
HttpRequest GetConference(const std::string& conference_id, Source source);

// Lists outgoing calls of the configuration that started after the given moment, to the number if
// one is given. Pages count from 0.
HttpRequest ListCalls(const internal::v1::FindDial& look, const CallsConfiguration& configuration,
                      Source source, int page);
// Lists all live calls of the configuration.
HttpRequest ListLiveCalls(const CallsConfiguration& configuration, int page);
// Lists all live conferences of the configuration.
HttpRequest ListLiveConferences(const CallsConfiguration& configuration, int page);
// Lists live conferences of the configuration with the name.
HttpRequest ListConferences(const std::string& name, const CallsConfiguration& configuration,
                            int page);

}  // namespace callbridge::provider
