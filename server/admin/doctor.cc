#include "server/admin/doctor.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/admin/mark.h"
#include "server/admin/observed.h"
#include "server/admin/outside_checks.h"
#include "server/admin/requests.h"
#include "server/admin/sound_checks.h"
#include "server/base/limits.h"

namespace callbridge::admin {
namespace {

// Times that users see are off by as much. Less than this is ordinary.
constexpr std::chrono::seconds kClockDifferenceMax{2};

// What a part is called in a report, and why it matters.
struct Words {
  const char* check;
  const char* why;
};

Words WordsOf(Part part) {
  switch (part) {
    case Part::kConfiguration:
      return {"configuration", "without it no conference can be made, and no call of it is taken"};
    case Part::kConfigurationId:
      return {"configuration", "the service leaves calls of other ids alone"};
    case Part::kSecurity:
      return {"security",
              "the ingress refuses webhooks that are not authenticated as the settings say"};
    case Part::kProfile:
      return {"profile",
              "webhooks go where the profile says; if that is not the ingress, or not as it "
              "expects them, calls are not answered"};
    case Part::kSubscription:
      return {"subscription",
              "each event that does not come costs a deadline, and events that are not used cost "
              "requests"};
    case Part::kApplication:
      return {"application", "events go where the application says, and only those that it names"};
    case Part::kNumber:
      return {"number", "calls to this number do not reach the service"};
    case Part::kForgottenNumber:
      return {"number", "its callers reach this service, which has no route for them"};
  }
  return {"", ""};
}

class Doctor {
 public:
  Doctor(AccountLink& link, const Wanted& wanted, const DoctorOptions& options, Report& report)
      : link_(link), wanted_(wanted), options_(options), report_(report) {}

  // Returns false if the provider refuses the key, so that nothing else can be asked.
  bool Examine() {
    Observed observed = Observe(link_, wanted_);
    if (!CheckKey(observed)) return false;
    for (const std::string& remark : wanted_.remarks) {
      report_.notes.push_back({WordsOf(Part::kSecurity).check, remark});
    }
    JudgeUnknown(observed);
    for (const Change& change : PlanSetup(wanted_, observed, options_.plan)) Judge(change);
    if (!wanted_.applications) CheckOtherSubscriptions();
    CheckUse();
    CheckClock();
    return true;
  }

 private:
  // Whether the provider takes the key at all. Otherwise all other checks would say the same.
  bool CheckKey(const Observed& observed) {
    const absl::Status status = WhatIsUnknown(observed);
    if (!absl::IsUnauthenticated(status)) {
      if (status.ok()) report_.good.push_back({"key", "the provider accepts it"});
      return true;
    }
    report_.findings.push_back(
        {"key", "the provider refuses it: " + std::string(status.message()),
         "no request of the service is served, so every bridge fails with PROVIDER_ACCOUNT",
         "compare base_url and the key's file with the portal (Developer Tools, API keys), and "
         "restart the server"});
    return false;
  }

  // Tells what could not be read, and then takes it for what is wanted, so that the plan is silent
  // about it.
  void JudgeUnknown(Observed& observed) {
    Replace(observed.configuration, std::optional(wanted_.configuration), Part::kConfiguration,
            "calls:configuration:manage");
    std::vector<Security> securities;
    if (wanted_.security) securities.push_back(*wanted_.security);
    Replace(observed.securities, securities, Part::kSecurity, "subscriptions:manage");
    Replace(observed.profile, std::optional(wanted_.profile), Part::kProfile,
            "subscriptions:manage");
    Subscription subscription = wanted_.subscription;
    subscription.name =
        NameWith({wanted_.owner, DigestOf(wanted_.subscription), DigestOf(wanted_.profile)});
    Replace(observed.subscription, std::optional(subscription), Part::kSubscription,
            "subscriptions:manage");
    Replace(observed.application, std::optional(wanted_.application), Part::kApplication,
            "calls:manage");
    std::erase_if(observed.numbers, [this](const ObservedNumber& observed_number) {
      const absl::Status& status = observed_number.number.status();
      const std::string what = Shown(observed_number.wanted.number, options_.plan) + ": ";
      return TellUnknown("number", what, status, "numbers:manage");
    });
    if (TellUnknown("number", "those without a route: ", observed.other_numbers.status(),
                    "numbers:manage")) {
      observed.other_numbers = OtherNumbers();
    }
  }

  template <typename Thing>
  void Replace(absl::StatusOr<Thing>& seen, Thing wanted, Part part, const char* scope) {
    if (!TellUnknown(WordsOf(part).check, "", seen.status(), scope)) return;
    unknown_.insert(part);
    seen = std::move(wanted);
  }

  // Returns false if the status is OK.
  bool TellUnknown(const std::string& check, const std::string& what, const absl::Status& status,
                   const char* scope) {
    if (status.ok()) return false;
    const std::string message = what + std::string(status.message());
    if (absl::IsPermissionDenied(status)) {
      report_.findings.push_back(
          {check, "the key may not look at it: " + message,
           "setup cannot prepare it, and doctor cannot see whether it is right",
           absl::StrFormat("give the key the scope %s in the portal, or set it up there", scope)});
    } else if (absl::IsNotFound(status) && wanted_.applications) {
      report_.findings.push_back(
          {check, "the account has no applications: " + message,
           "nothing of the older flavour can be prepared",
           absl::StrFormat("set accounts.%s.setup.flavour: subscriptions", options_.account)});
    } else {
      report_.unchecked.push_back({check, message});
    }
    return true;
  }

  void Judge(const Change& change) {
    if (unknown_.contains(change.subject.part)) return;
    const auto [check, why] = WordsOf(change.subject.part);
    const std::string what = change.subject.name + ": " + change.why;
    switch (change.kind) {
      case Change::Kind::kKeep:
        report_.good.push_back({check, what});
        return;
      case Change::Kind::kByHand:
        report_.notes.push_back({check, what + "; " + change.remedy});
        return;
      case Change::Kind::kLeave:
        report_.findings.push_back({check, what, why, change.remedy});
        return;
      case Change::Kind::kCreate:
        report_.findings.push_back(
            {check, change.subject.name + ": is missing", why, options_.setup_command});
        return;
      case Change::Kind::kUpdate:
        report_.findings.push_back({check, what, why, options_.setup_command});
        return;
      case Change::Kind::kDelete:
        report_.findings.push_back({check, what,
                                    "a secret that is no longer used should not be kept",
                                    options_.setup_command});
        return;
    }
  }

  // Another subscription with the same events lets each webhook come twice, or lets another program
  // act on the same calls.
  void CheckOtherSubscriptions() {
    const auto subscriptions = ListSubscriptions(link_);
    if (TellUnknown("subscription", "all of the account: ", subscriptions.status(),
                    "subscriptions:manage")) {
      return;
    }
    for (const Subscription& other : *subscriptions) {
      if (other.id == wanted_.subscription.id || !Covers(other)) continue;
      report_.findings.push_back(
          {"subscription",
           absl::StrFormat("subscription %s sends events of the same calls configuration",
                           other.id),
           "webhooks come twice, or another program acts on the same calls",
           "remove it in the portal, or give it a filter by another calls configuration"});
    }
  }

  bool Covers(const Subscription& other) const {
    const bool shares_events = std::ranges::any_of(other.events, [this](const auto& name) {
      return wanted_.subscription.events.contains(name);
    });
    const bool covers = other.criteria.empty() ||
                        std::ranges::find(other.criteria, wanted_.subscription.criteria.front()) !=
                            other.criteria.end();
    return shares_events && covers;
  }

  // The lists that the service itself asks for.
  void CheckUse() {
    for (const char* things : {"calls", "conferences"}) {
      const absl::Status status =
          link_
              .Get(absl::StrFormat("/calls/1/%s?%s=%s&page=0&size=1", things,
                                   wanted_.applications ? "applicationId" : "callsConfigurationId",
                                   wanted_.configuration.id))
              .status();
      if (absl::IsPermissionDenied(status)) {
        report_.findings.push_back(
            {"scopes",
             absl::StrFormat("the key may not list %s: %s", things, std::string(status.message())),
             "the service cannot look for what became of a call whose webhook was lost, nor hang "
             "up what no session owns",
             "give the key the scope calls:logs:read, or calls:manage for all; ask your account "
             "manager whether conferencing is enabled"});
      } else if (status.ok()) {
        report_.good.push_back({"scopes", absl::StrFormat("the key may list %s", things)});
      } else {
        report_.unchecked.push_back(
            {"scopes", absl::StrFormat("list of %s: %s", things, std::string(status.message()))});
      }
    }
    CheckRecording();
    report_.notes.push_back(
        {"scopes",
         "calls:traffic:send and calls:traffic:receive, and whether conferencing is enabled, show "
         "with the first call only; machine detection is not used"});
  }

  // A 403 tells of a scope and of a feature that is not enabled alike.
  void CheckRecording() {
    const absl::Status status = link_.Get(ConferenceRecordingsPage(0)).status();
    const std::string said(status.message());
    if (status.ok()) {
      report_.good.push_back({"recording", "the key may list recordings"});
    } else if (!absl::IsPermissionDenied(status)) {
      report_.unchecked.push_back({"recording", "list of recordings: " + said});
    } else if (wanted_.records) {
      report_.findings.push_back(
          {"recording", "the key may not list recordings: " + said,
           "a plan of the settings records; the provider may refuse it, and files are not found",
           "give the key the scope calls:recording:read, and ask your account manager whether "
           "recording is enabled"});
    } else {
      report_.notes.push_back(
          {"recording", "the key may not list recordings (calls:recording:read); no plan records"});
    }
  }

  void CheckClock() {
    const std::optional<base::Duration> ahead = link_.clock_ahead();
    if (!ahead) {
      report_.unchecked.push_back({"clock", "no answer of the provider told its time"});
    } else if (*ahead > kClockDifferenceMax || *ahead < -kClockDifferenceMax) {
      report_.findings.push_back(
          {"clock",
           absl::StrFormat("this machine's clock is %.0f s %s the provider's",
                           std::abs(std::chrono::duration<double>(*ahead).count()),
                           *ahead > base::Duration::zero() ? "behind" : "ahead of"),
           "times that are shown, and start_before_time of requests, are off by as much",
           "set the clock, for example with: timedatectl set-ntp true"});
    } else {
      report_.good.push_back({"clock", "agrees with the provider's"});
    }
  }

  AccountLink& link_;
  const Wanted& wanted_;
  const DoctorOptions& options_;
  Report& report_;
  // What could not be read.
  std::set<Part> unknown_;
};

}  // namespace

Report Diagnose(AccountLink& link, const DoctorParts& parts, const config::v1::Settings& settings,
                const absl::StatusOr<Wanted>& wanted, const DoctorOptions& options) {
  Report report;
  report.account = options.account;
  bool key_is_taken = true;
  if (wanted.ok()) {
    key_is_taken = Doctor(link, *wanted, options, report).Examine();
  } else {
    report.findings.push_back({"settings", std::string(wanted.status().message()),
                               "without it neither setup nor doctor knows what the account needs",
                               "correct the settings, then run doctor again"});
  }
  if (key_is_taken) CheckFiles(link, settings, parts.clock, options.upload_command, report);
  CheckUrls(parts.transport, settings, report);
  CheckIngress(settings.webhook(), parts.transport, report);
  CheckStore(settings, report);
  CheckServer(settings, parts.ask_server, options.setup_command, report);
  return report;
}

}  // namespace callbridge::admin
