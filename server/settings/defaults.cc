#include "server/settings/defaults.h"

#include <google/protobuf/duration.pb.h>

#include <initializer_list>

namespace callbridge::settings {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

void Set(google::protobuf::Duration* field, base::Duration value) {
  *field = base::ToProtoDuration(value);
}

callbridge::v1::Plan MakeBuiltInPlan() {
  callbridge::v1::Plan plan;
  plan.mutable_voice()->set_language(kDefaultLanguage);
  plan.mutable_voice()->set_rate(kDefaultSpeechRate);
  plan.mutable_greeting()->set_text("Please hold while we connect your call.");
  plan.mutable_announcement()->set_text("You are being connected now.");
  plan.mutable_apology()->set_text(
      "We are sorry, the person you called cannot be reached. Please try again later.");
  Set(plan.mutable_ring_timeout(), kDefaultRingTimeout);
  Set(plan.mutable_max_duration(), kDefaultMaxDuration);
  return plan;
}

internal::v1::Timing MakeDefaultTiming() {
  internal::v1::Timing timing;
  Set(timing.mutable_offer(), seconds(8));
  Set(timing.mutable_answer_look(), seconds(5));
  Set(timing.mutable_answer_verdict(), seconds(15));
  Set(timing.mutable_join_caller_look(), seconds(3));
  Set(timing.mutable_join_caller_verdict(), seconds(10));
  Set(timing.mutable_media_end(), milliseconds(1500));
  Set(timing.mutable_stop_play_repeat(), milliseconds(500));
  Set(timing.mutable_dial_queue(), seconds(20));
  Set(timing.mutable_ring_look(), seconds(5));
  Set(timing.mutable_ring_verdict(), seconds(15));
  Set(timing.mutable_callee_silent(), seconds(3));
  Set(timing.mutable_join_callee_look(), seconds(3));
  Set(timing.mutable_join_callee_verdict(), seconds(10));
  Set(timing.mutable_connected_look(), seconds(60));
  Set(timing.mutable_ending_hangup(), seconds(3));
  for (const int look : {3, 8, 18}) Set(timing.add_ending_looks(), seconds(look));
  Set(timing.mutable_ending_verdict(), seconds(30));
  Set(timing.mutable_ending_verdict_unknown_dial(), seconds(90));
  Set(timing.mutable_absence(), seconds(5));
  Set(timing.mutable_look_again(), seconds(2));
  Set(timing.mutable_stale_call(), seconds(60));
  Set(timing.mutable_hangup_backoff(), milliseconds(500));
  Set(timing.mutable_hangup_backoff_max(), seconds(30));
  Set(timing.mutable_retry_backoff(), milliseconds(200));
  Set(timing.mutable_retry_backoff_max(), seconds(5));
  Set(timing.mutable_prompt_grace(), seconds(5));
  Set(timing.mutable_prompt_max(), seconds(120));
  Set(timing.mutable_music_run_min(), seconds(2));
  Set(timing.mutable_conference_gone(), seconds(3));
  Set(timing.mutable_join_retry(), seconds(1));
  Set(timing.mutable_list_lag(), seconds(4));
  Set(timing.mutable_dial_search(), seconds(20));
  return timing;
}

config::v1::Account::Rates MakeDefaultRates() {
  config::v1::Account::Rates rates;
  rates.set_dial(6);
  rates.set_conference(20);
  rates.set_other(100);
  return rates;
}

config::v1::Settings MakeDefaultSettings() {
  config::v1::Settings settings;
  settings.mutable_grpc()->set_listen("127.0.0.1:50051");
  settings.mutable_inbox()->set_listen("127.0.0.1:50052");
  settings.mutable_webhook()->set_listen("127.0.0.1:8081");
  settings.mutable_webhook()->set_path("/infobip/events");
  settings.mutable_dialing();
  settings.set_unrouted(config::v1::Settings::UNROUTED_IGNORE);
  *settings.mutable_timing() = DefaultTiming();
  settings.mutable_limits()->set_sessions_max(10'000);
  settings.mutable_limits()->set_waiting_dials_max(120);
  settings.mutable_limits()->set_streams_max(1'000);
  settings.mutable_limits()->set_free_disk_bytes_min(256LL * 1024 * 1024);
  settings.mutable_log()->set_level("info");
  Set(settings.mutable_retention(), kDefaultRetention);
  Set(settings.mutable_sweep()->mutable_interval(), kDefaultSweepInterval);
  Set(settings.mutable_sweep()->mutable_minimum_age(), kDefaultSweepMinimumAge);
  return settings;
}

}  // namespace

const callbridge::v1::Plan& BuiltInPlan() {
  static const callbridge::v1::Plan& plan = *new callbridge::v1::Plan(MakeBuiltInPlan());
  return plan;
}

const internal::v1::Timing& DefaultTiming() {
  static const internal::v1::Timing& timing = *new internal::v1::Timing(MakeDefaultTiming());
  return timing;
}

const config::v1::Settings& DefaultSettings() {
  static const config::v1::Settings& settings = *new config::v1::Settings(MakeDefaultSettings());
  return settings;
}

const config::v1::Account::Rates& DefaultRates() {
  static const config::v1::Account::Rates& rates =
      *new config::v1::Account::Rates(MakeDefaultRates());
  return rates;
}

}  // namespace callbridge::settings
