#include "server/settings/routes.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/base/check.h"
#include "server/base/key_values.h"
#include "server/settings/dialing_rules.h"
#include "server/settings/plan_resolution.h"
#include "server/settings/session_settings.h"

namespace callbridge::settings {
namespace {

using config::v1::Settings;
using internal::v1::CallFacts;
using internal::v1::IncomingCall;
using internal::v1::ProviderEvent;

IncomingCall MakeArrangement(const Settings& settings, IncomingCall::Arrangement arrangement) {
  IncomingCall call;
  call.set_arrangement(arrangement);
  *call.mutable_settings() = MakeSessionSettings(settings, kDefaultName);
  return call;
}

IncomingCall MakeArrangement(const Settings& settings, const config::v1::Route& route) {
  IncomingCall call = MakeArrangement(
      settings, route.offer() ? IncomingCall::ARRANGEMENT_OFFER : IncomingCall::ARRANGEMENT_BRIDGE);
  call.set_route(route.name());
  base::SetKeyValues(base::Sorted(route.labels()), *call.mutable_labels());
  if (route.offer()) return call;
  // The callee sees the number that the caller dialled. That is the number of a route, and such
  // numbers may always be shown.
  const absl::StatusOr<Bridge> bridge =
      ResolveBridge(settings, route.plan_name(), route.plan(),
                    {route.callees().begin(), route.callees().end()}, route.number());
  base::Check(bridge.ok(), "the plans of routes were checked when the settings were read");
  *call.mutable_plan() = bridge->plan;
  call.mutable_callees()->Add(bridge->callees.begin(), bridge->callees.end());
  return call;
}

// True for a call that this service made and that came back. Either the provider says that a person
// whom the route calls, or the route's number, has forwarded it. Or the call shows the number that
// it calls.
bool CameBack(const CallFacts& facts, const IncomingCall& call) {
  const std::optional<std::string> called = NormalizeNumber(facts.to());
  if (called.has_value() && NormalizeNumber(facts.from()) == called) return true;
  return std::ranges::any_of(facts.forwarded_from(), [&](const std::string& text) {
    const std::optional<std::string> number = NormalizeNumber(text);
    return number.has_value() &&
           (number == called || std::ranges::any_of(call.callees(), [&](const auto& callee) {
              return NumberOf(callee.endpoint()) == number;
            }));
  });
}

}  // namespace

Routes::Routes(const Settings& settings)
    : calls_configuration_id_(
          MakeSessionSettings(settings, kDefaultName).calls_configuration_id()) {
  for (const auto& route : settings.routes()) {
    arrangements_.emplace(route.number(), MakeArrangement(settings, route));
  }
  if (settings.unrouted() == Settings::UNROUTED_REJECT) {
    unrouted_ = MakeArrangement(settings, IncomingCall::ARRANGEMENT_REJECT);
  } else if (settings.unrouted() == Settings::UNROUTED_OFFER) {
    unrouted_ = MakeArrangement(settings, IncomingCall::ARRANGEMENT_OFFER);
  }
}

std::optional<IncomingCall> Routes::Arrange(const ProviderEvent& event) const {
  const bool foreign = !event.calls_configuration_id().empty() &&
                       event.calls_configuration_id() != calls_configuration_id_;
  if (event.type() != ProviderEvent::TYPE_CALL_RECEIVED || foreign ||
      event.call().direction() == CallFacts::DIRECTION_OUTBOUND) {
    return std::nullopt;
  }
  std::optional<IncomingCall> call = unrouted_;
  if (const std::optional<std::string> number = NormalizeNumber(event.call().to())) {
    const auto route = arrangements_.find(*number);
    if (route != arrangements_.end()) call = route->second;
  }
  if (!call.has_value()) return call;
  *call->mutable_event() = event;
  if (call->arrangement() == IncomingCall::ARRANGEMENT_BRIDGE && CameBack(event.call(), *call)) {
    call->set_arrangement(IncomingCall::ARRANGEMENT_LOOP);
  }
  return call;
}

}  // namespace callbridge::settings
