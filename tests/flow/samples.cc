#include "tests/flow/samples.h"

#include <chrono>

#include "server/base/time.h"

namespace callbridge::flow {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

google::protobuf::Duration Proto(base::Duration duration) {
  return base::ToProtoDuration(duration);
}

}  // namespace

internal::v1::Timing DefaultTiming() {
  internal::v1::Timing timing;
  *timing.mutable_offer() = Proto(seconds(8));
  *timing.mutable_answer_look() = Proto(seconds(5));
  *timing.mutable_answer_verdict() = Proto(seconds(15));
  *timing.mutable_join_caller_look() = Proto(seconds(3));
  *timing.mutable_join_caller_verdict() = Proto(seconds(10));
  *timing.mutable_media_end() = Proto(milliseconds(1500));
  *timing.mutable_stop_play_repeat() = Proto(milliseconds(500));
  *timing.mutable_dial_queue() = Proto(seconds(20));
  *timing.mutable_ring_look() = Proto(seconds(5));
  *timing.mutable_ring_verdict() = Proto(seconds(15));
  *timing.mutable_callee_silent() = Proto(seconds(3));
  *timing.mutable_join_callee_look() = Proto(seconds(3));
  *timing.mutable_join_callee_verdict() = Proto(seconds(10));
  *timing.mutable_connected_look() = Proto(seconds(60));
  *timing.mutable_ending_hangup() = Proto(seconds(3));
  for (const int at : {3, 8, 18}) *timing.add_ending_looks() = Proto(seconds(at));
  *timing.mutable_ending_verdict() = Proto(seconds(30));
  *timing.mutable_ending_verdict_unknown_dial() = Proto(seconds(90));
  *timing.mutable_absence() = Proto(seconds(5));
  *timing.mutable_look_again() = Proto(seconds(2));
  *timing.mutable_stale_call() = Proto(seconds(60));
  *timing.mutable_hangup_backoff() = Proto(milliseconds(500));
  *timing.mutable_hangup_backoff_max() = Proto(seconds(30));
  *timing.mutable_retry_backoff() = Proto(milliseconds(200));
  *timing.mutable_retry_backoff_max() = Proto(seconds(5));
  *timing.mutable_prompt_grace() = Proto(seconds(5));
  *timing.mutable_prompt_max() = Proto(seconds(120));
  *timing.mutable_music_run_min() = Proto(seconds(2));
  *timing.mutable_conference_gone() = Proto(seconds(3));
  *timing.mutable_join_retry() = Proto(seconds(1));
  *timing.mutable_list_lag() = Proto(seconds(4));
  *timing.mutable_dial_search() = Proto(seconds(20));
  return timing;
}

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
