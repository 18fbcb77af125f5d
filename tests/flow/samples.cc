#include "tests/flow/samples.h"

#include <chrono>

#include "server/base/rule.h"
#include "server/base/time.h"

namespace callbridge::flow {
namespace {

using std::chrono::seconds;

google::protobuf::Duration Proto(base::Duration duration) {
  return base::ToProtoDuration(duration);
}

}  // namespace

internal::v1::Timing DefaultTiming() { return base::Defaults<internal::v1::Timing>(); }

internal::v1::SessionSettings DefaultSettings() {
  internal::v1::SessionSettings settings;
  settings.set_service_id("test");
  settings.set_account("default");
  settings.set_calls_configuration_id("bridge-test");
  *settings.mutable_timing() = DefaultTiming();
  *settings.mutable_retention() = Proto(std::chrono::hours(720));
  return settings;
}

v1::Plan DefaultPlan() {
  v1::Plan plan;
  plan.mutable_voice()->set_language("en");
  plan.mutable_greeting()->set_text("hello");
  plan.mutable_announcement()->set_text("joining");
  plan.mutable_apology()->set_text("sorry");
  plan.mutable_music()->mutable_audio()->set_file_id("music");
  plan.mutable_music()->set_loop_count(3);
  *plan.mutable_ring_timeout() = Proto(seconds(30));
  *plan.mutable_max_duration() = Proto(std::chrono::hours(2));
  return plan;
}

v1::Callee DefaultCallee() {
  v1::Callee callee;
  callee.mutable_endpoint()->mutable_phone()->set_number("+447700900456");
  *callee.mutable_ring_timeout() = Proto(seconds(30));
  return callee;
}

internal::v1::IncomingCall RoutedCall() {
  internal::v1::IncomingCall incoming;
  internal::v1::ProviderEvent& event = *incoming.mutable_event();
  event.set_type(internal::v1::ProviderEvent::TYPE_CALL_RECEIVED);
  event.set_call_id("call-caller");
  event.mutable_call()->set_from("447700900123");
  event.mutable_call()->set_to("442079460001");
  event.mutable_call()->set_state(internal::v1::CallFacts::STATE_RINGING);
  incoming.set_arrangement(internal::v1::IncomingCall::ARRANGEMENT_BRIDGE);
  incoming.set_route("support");
  *incoming.add_callees() = DefaultCallee();
  *incoming.mutable_plan() = DefaultPlan();
  *incoming.mutable_settings() = DefaultSettings();
  return incoming;
}

internal::v1::StartBridge ClickToCall() {
  internal::v1::StartBridge start;
  start.set_request_id("request-1");
  start.mutable_caller()->mutable_phone()->set_number("+447700900123");
  start.set_caller_id_number("+442079460001");
  *start.mutable_caller_ring_timeout() = Proto(seconds(30));
  *start.add_callees() = DefaultCallee();
  start.mutable_callees(0)->set_caller_id_number("+442079460001");
  *start.mutable_plan() = DefaultPlan();
  *start.mutable_settings() = DefaultSettings();
  return start;
}

}  // namespace callbridge::flow
