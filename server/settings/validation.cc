#include "server/settings/validation.h"

#include <absl/strings/str_format.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "server/base/rule.h"
#include "server/settings/addresses.h"
#include "server/settings/certificates.h"
#include "server/settings/dialing_rules.h"
#include "server/settings/field_validation.h"
#include "server/settings/plan_resolution.h"
#include "server/settings/plan_validation.h"
#include "server/settings/text_forms.h"

namespace callbridge::settings {
namespace {

using config::v1::Route;
using config::v1::Settings;
using config::v1::Webhook;

void ValidateAccounts(const Settings& settings, Findings& findings) {
  if (!settings.accounts().contains(kDefaultName)) {
    findings.Refuse("accounts.default", "required: the account at the provider");
  }
  for (const auto& [name, account] : settings.accounts()) {
    if (name == kDefaultName) continue;
    findings.Warn(FieldPath("accounts", name),
                  "is not used: this release uses only the account \"default\"");
  }
}

void ValidateProtection(const ListenAddress& address, const std::string& protected_by, bool tls,
                        const std::string& path, Findings& findings) {
  if (!protected_by.empty() || address.IsLocal() || tls) return;
  findings.Refuse(
      FieldPath(path, "listen"),
      absl::StrFormat("is plain text beyond this machine; listen on 127.0.0.1 or unix:, %s"
                      "or say in %s.protected_by what protects the port",
                      path == "grpc" ? "set grpc.tls, " : "", path));
}

struct Listener {
  std::string path;
  // Absent if the text is not an address, which the check of its form reports.
  std::optional<ListenAddress> address;
};

void ValidateApart(const std::vector<Listener>& listeners, Findings& findings) {
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (listeners[i].address.has_value() && listeners[j].address.has_value() &&
          Overlap(*listeners[i].address, *listeners[j].address)) {
        findings.Refuse(listeners[i].path,
                        "is the same address as " + listeners[j].path + "; choose another port");
      }
    }
  }
}

void WarnIfWeak(const Webhook::WebhookHmac& hmac, const std::string& path, Findings& findings) {
  if (hmac.algorithm() != Webhook::WebhookHmac::ALGORITHM_HMAC_SHA_1) return;
  findings.Warn(FieldPath(path, "algorithm"), "is weak; use hmac_sha_256 or longer");
}

// Checks that webhooks are protected on their way and from strangers. Passwords of Basic and the
// numbers of callers must not cross a network in plain text.
void ValidateWebhook(const Webhook& webhook, Findings& findings) {
  const auto address = ParseListenAddress(webhook.listen());
  if (address.has_value() && !address->unix_path.empty()) {
    findings.Refuse("webhook.listen", "must be \"host:port\": the provider speaks HTTP over TCP");
  } else if (address.has_value() && !address->IsLocal()) {
    if (!webhook.has_tls() && webhook.proxy().terminates_tls().empty() &&
        !webhook.has_protected_by()) {
      findings.Refuse("webhook.listen",
                      "is plain text beyond this machine; listen on 127.0.0.1, set webhook.tls, or "
                      "say in webhook.proxy.terminates_tls what ends TLS in front of it");
    }
    if (webhook.has_report_only() && webhook.has_protected_by()) {
      findings.Refuse("webhook.report_only",
                      "lets every request in, on an address beyond this machine; set basic, or "
                      "tls.client_ca_file with client_certificate, while the signature is set up");
    }
  }
  if (webhook.has_client_certificate() && !RequiresClientCertificate(webhook.tls())) {
    findings.Refuse("webhook.client_certificate",
                    "needs webhook.tls.client_ca_file, and webhook.tls.client_certificates: "
                    "required");
  }
  WarnIfWeak(webhook.hmac(), "webhook.hmac", findings);
  WarnIfWeak(webhook.report_only(), "webhook.report_only", findings);
}

// Checks grpc, inbox and webhook. Their addresses must differ. A port of grpc or inbox that other
// machines can reach is refused, unless the settings say what protects it.
void ValidateNetwork(const Settings& written, Findings& findings) {
  Settings settings = written;
  base::FillDefaults(settings);
  const auto grpc = ParseListenAddress(settings.grpc().listen());
  if (grpc.has_value()) {
    ValidateProtection(*grpc, settings.grpc().protected_by(), settings.grpc().has_tls(), "grpc",
                       findings);
  }
  const auto inbox = ParseListenAddress(settings.inbox().listen());
  if (inbox.has_value()) {
    ValidateProtection(*inbox, settings.inbox().protected_by(), false, "inbox", findings);
    if (inbox->unix_path.empty() && inbox->port == 0) {
      findings.Refuse(
          "inbox.listen",
          "must name a port, because otherwise the ingress could not find it; use unix:PATH or a "
          "free port");
    }
  }
  const auto webhook = ParseListenAddress(settings.webhook().listen());
  ValidateWebhook(settings.webhook(), findings);
  ValidateApart({{"grpc.listen", grpc}, {"inbox.listen", inbox}, {"webhook.listen", webhook}},
                findings);
}

void ValidateKey(const std::string& name, const std::string& path, Findings& findings) {
  if (!WhyNot(rule::v1::FORM_NAME, name).has_value()) return;
  findings.Refuse(path, "must have a name of 1 to 63 letters, digits, \"_\", \"-\" and \".\"");
}

// Checks that each entry is something that a plan could name by itself.
void ValidateAudioFiles(const AudioFiles& files, Findings& findings) {
  for (const auto& [name, file] : files) {
    const std::string path = FieldPath("audio_files", name);
    ValidateKey(name, path, findings);
    // The rule of the field reports an id that is missing.
    if (file.file_id().empty()) continue;
    ValidateAudio(AudioOf(file), files, path, findings);
  }
}

// Checks a plan that takes its notice from the named plan below it. ValidatePlan has found a
// conflict within the plan itself.
void ValidateNoticeBelow(const Settings& settings, const std::string& plan_below,
                         const callbridge::v1::Plan& plan, const std::string& path,
                         Findings& findings) {
  const auto below = NamedPlan(settings, plan_below);
  const bool takes = below.ok() && !plan.recording().has_notice();
  if (takes && RecordsBeforeNotice(plan, *below)) {
    findings.Refuse(FieldPath(path, "recording.start"), kJoinedWithoutNotice);
  }
}

void ValidatePlans(const Settings& settings, Findings& findings) {
  for (const auto& [name, plan] : settings.plans()) {
    const std::string path = FieldPath("plans", name);
    ValidateKey(name, path, findings);
    ValidatePlan(plan, settings.audio_files(), path, findings);
    ValidateNoticeBelow(settings, kDefaultName, plan, path, findings);
  }
}

void ValidateRouteCallees(const Settings& settings, const Route& route, const std::string& path,
                          const DialingRules& rules, Findings& findings) {
  if (route.callees_size() != 1) {
    findings.Refuse(FieldPath(path, "callees"),
                    "needs exactly one entry (or set offer: true to wait for StartBridge)");
  }
  for (int i = 0; i < route.callees_size(); ++i) {
    const std::string callee_path =
        ItemPath(FieldPath(path, "callees"), static_cast<std::size_t>(i));
    const callbridge::v1::Callee& callee = route.callees(i);
    ValidateCallee(callee, callee_path, findings);
    const std::string called_path =
        FieldPath(FieldPath(callee_path, "endpoint"), DestinationField(callee.endpoint()));
    const auto number = NumberOf(callee.endpoint());
    if (number.has_value() && rules.WhyNotCall(callee.endpoint()).has_value()) {
      findings.Refuse(called_path,
                      "must not be called: see dialing.allowed_prefixes and denied_prefixes");
    }
    if (number.has_value() && number == NormalizeNumber(route.number())) {
      findings.Refuse(called_path, "is the route's own number, which would call itself");
    }
    const auto shown = NormalizeNumber(callee.caller_id_number());
    if (shown.has_value() && !rules.MayShow(*shown)) {
      findings.Refuse(FieldPath(callee_path, "caller_id_number"),
                      "is not among dialing.allowed_numbers");
    }
  }
  const auto plan = NamedPlan(settings, route.plan_name());
  if (!plan.ok()) {
    findings.Refuse(FieldPath(path, "plan_name"), std::string(plan.status().message()));
  }
  if (route.has_plan()) {
    const std::string plan_path = FieldPath(path, "plan");
    ValidatePlan(route.plan(), settings.audio_files(), plan_path, findings);
    ValidateNoticeBelow(settings, route.plan_name(), route.plan(), plan_path, findings);
  }
}

void ValidateOffer(const Route& route, const std::string& path, Findings& findings) {
  const std::string description =
      "has no effect with offer, because StartBridge provides it; leave it out";
  if (route.callees_size() > 0) findings.Refuse(FieldPath(path, "callees"), description);
  if (!route.plan_name().empty()) findings.Refuse(FieldPath(path, "plan_name"), description);
  if (route.has_plan()) findings.Refuse(FieldPath(path, "plan"), description);
}

// Returns the number that a route calls. Absent means that it calls none, or that the number is
// invalid.
std::optional<std::string> CalledBy(const Route& route) {
  if (route.offer() || route.callees_size() != 1) return std::nullopt;
  return NumberOf(route.callees(0).endpoint());
}

// Finds routes that call each other in a ring, which would call for ever.
void ValidateChains(const Settings& settings, Findings& findings) {
  std::map<std::string, const Route*> routes;
  for (const Route& route : settings.routes()) {
    if (const auto number = NormalizeNumber(route.number())) routes.emplace(*number, &route);
  }
  for (int i = 0; i < settings.routes_size(); ++i) {
    const auto own = NormalizeNumber(settings.routes(i).number());
    const auto called = CalledBy(settings.routes(i));
    // Another check reports a route that calls itself.
    if (!own.has_value() || !called.has_value() || called == own || !routes.contains(*called)) {
      continue;
    }
    std::optional<std::string> next = called;
    for (std::size_t hops = 0; hops < routes.size() && next.has_value() && next != own; ++hops) {
      const auto route = routes.find(*next);
      next = route == routes.end() ? std::nullopt : CalledBy(*route->second);
    }
    const std::string path = FieldPath(
        FieldPath(
            ItemPath(FieldPath(ItemPath("routes", static_cast<std::size_t>(i)), "callees"), 0),
            "endpoint"),
        DestinationField(settings.routes(i).callees(0).endpoint()));
    if (next == own) {
      findings.Refuse(path,
                      "leads through other routes back to this one, without end; name a person");
    } else {
      findings.Warn(path,
                    "is the number of another route, so that each call costs two calls; name the "
                    "person whom that route calls");
    }
  }
}

void ValidateRoutes(const Settings& settings, Findings& findings) {
  const DialingRules rules(settings);
  std::map<std::string, std::string> paths_of_names;
  std::map<std::string, std::string> paths_of_numbers;
  for (int i = 0; i < settings.routes_size(); ++i) {
    const Route& route = settings.routes(i);
    const std::string path = ItemPath("routes", static_cast<std::size_t>(i));
    const std::string name_path = FieldPath(path, "name");
    const std::string number_path = FieldPath(path, "number");
    const auto [named, is_new_name] = paths_of_names.emplace(route.name(), path);
    if (!route.name().empty() && !is_new_name) {
      findings.Refuse(name_path, "is the name of " + named->second + " too");
    }
    if (const auto number = NormalizeNumber(route.number())) {
      const auto [first, is_new] = paths_of_numbers.emplace(*number, path);
      if (!is_new) findings.Refuse(number_path, "is the number of " + first->second + " too");
    }
    ValidateLabels(route.labels(), FieldPath(path, "labels"), findings);
    if (route.offer()) {
      ValidateOffer(route, path, findings);
    } else {
      ValidateRouteCallees(settings, route, path, rules, findings);
    }
  }
  ValidateChains(settings, findings);
}

// A session may look for the call of a lost dial for as long as timing.dial_search.
void ValidateSweep(const Settings& written, Findings& findings) {
  constexpr char kPath[] = "sweep.minimum_age";
  // Its range comes first.
  if (std::ranges::find(findings.violations, kPath, &Finding::path) != findings.violations.end()) {
    return;
  }
  Settings settings = written;
  base::FillDefaults(settings);
  if (base::FromProtoDuration(settings.sweep().minimum_age()) >
      base::FromProtoDuration(settings.timing().dial_search())) {
    return;
  }
  findings.Refuse(
      "sweep.minimum_age",
      "must be longer than timing.dial_search; otherwise the sweep hangs up a call that "
      "a session is still looking for");
}

}  // namespace

Findings ValidateSettings(const Settings& settings) {
  Findings findings;
  ValidateFields(settings, "", findings);
  ValidateAccounts(settings, findings);
  ValidateNetwork(settings, findings);
  ValidateAudioFiles(settings.audio_files(), findings);
  ValidatePlans(settings, findings);
  ValidateRoutes(settings, findings);
  ValidateSweep(settings, findings);
  return findings;
}

}  // namespace callbridge::settings
