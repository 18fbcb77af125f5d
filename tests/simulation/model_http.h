// Between our provider's client and the simulator's model: the account that both know, and what a
// request and its answer are to the other side. Whoever uses it brings the way between them.
#pragma once

#include <map>
#include <string>

#include "callbridge/config/v1/settings.pb.h"
#include "server/base/time.h"
#include "server/provider/account_options.h"
#include "server/provider/transport.h"
#include "tests/simulator/model.h"

namespace callbridge::simulation {

// The account "default" of the settings, with the simulator's key.
std::map<std::string, provider::AccountOptions> ModelAccounts(const config::v1::Settings& settings);

simulator::Request AsModelRequest(const provider::Outgoing& outgoing);

struct ModelAnswer {
  provider::HttpAnswer answer;
  // From the request's arrival until the client has it.
  base::Duration delay{};
};

// latency: of the way back. A client waits up to outgoing.timeout.
ModelAnswer AnswerOf(const simulator::Response& response, const provider::Outgoing& outgoing,
                     base::Duration latency);

}  // namespace callbridge::simulation
