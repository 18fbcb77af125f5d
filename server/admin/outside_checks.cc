#include "server/admin/outside_checks.h"

#include <absl/strings/str_format.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <system_error>

#include "server/admin/account_link.h"
#include "server/base/url.h"
#include "server/provider/verdict.h"
#include "server/settings/certificates.h"
#include "server/store/sqlite/file_check.h"

namespace callbridge::admin {
namespace {

using config::v1::Webhook;
using provider::HttpAnswer;
using provider::Method;

constexpr int kUnauthorized = 401;
constexpr int kMethodNotAllowed = 405;
constexpr char kIngress[] = "ingress";
constexpr char kNoWebhook[] =
    "the provider's webhooks do not arrive, so incoming calls are not answered, and every other "
    "step waits for a deadline";
constexpr char kStartIngress[] =
    "start callbridge-webhook, and let the TLS proxy of webhook.public_url pass this path on to "
    "webhook.listen";
constexpr char kStore[] = "store";
constexpr char kDisk[] = "free disk";

HttpAnswer Ask(const base::Url& url, const std::string& path, Method method,
               provider::Transport& transport) {
  return AskStranger(transport, url,
                     {method, url.path + path, method == Method::kPost ? "{}" : "", true});
}

// True if the ingress ends TLS itself and refuses clients without a certificate of its authority,
// as this program is one.
bool RefusesStrangers(const Webhook& settings) {
  return settings::RequiresClientCertificate(settings.tls());
}

// Judges the answer of an ingress that should end the handshake. Nothing behind it can be seen
// without the provider's certificate, which only the provider has.
void JudgeHandshake(const std::string& path, const HttpAnswer& answer, Report& report) {
  if (answer.http_status != 0) {
    report.findings.push_back(
        {kIngress,
         absl::StrFormat(
             "%s answers %d to a client without a certificate, and webhook.tls requires "
             "one",
             path, answer.http_status),
         "any program could reach the ingress, or another program answers in its place",
         "restart the ingress with these settings; if a proxy ends TLS in front of it, let the "
         "proxy "
         "require the certificate and set webhook.protected_by instead"});
    return;
  }
  if (!answer.certificate_missing) {
    report.findings.push_back({kIngress,
                               absl::StrFormat("%s is not reached by the public URL: %s", path,
                                               provider::DescribeFailure(answer).description()),
                               kNoWebhook, kStartIngress});
    return;
  }
  report.good.push_back(
      {kIngress, path + " is reached by the public URL, and the handshake refuses a client without "
                        "a certificate of webhook.tls.client_ca_file"});
  report.notes.push_back(
      {kIngress, path +
                     ": what a client with a certificate is answered was not checked, because only "
                     "the provider has one; callbridge status counts its webhooks"});
}

// Checks that strangers are refused. An ingress without authentication of its own is not asked,
// because it would take the request for a webhook.
void CheckRefusal(const Webhook& settings, const base::Url& url, const std::string& path,
                  provider::Transport& transport, Report& report) {
  if (!settings.has_hmac() && !settings.has_basic()) return;
  const HttpAnswer answer = Ask(url, path, Method::kPost, transport);
  if (answer.http_status == kUnauthorized) {
    report.good.push_back({kIngress, path + " refuses a webhook without credentials"});
  } else if (answer.http_status / 100 == 2) {
    report.findings.push_back({kIngress, path + " accepts a webhook without credentials",
                               "any program could invent webhooks",
                               "restart the ingress with these settings, or correct the proxy that "
                               "answers in its place"});
  } else {
    report.findings.push_back(
        {kIngress,
         absl::StrFormat("%s answers %d to a webhook without credentials; the ingress answers 401",
                         path, answer.http_status),
         kNoWebhook, "look at the log of the proxy and of callbridge-webhook"});
  }
}

void CheckPath(const Webhook& settings, const base::Url& url, const std::string& path,
               provider::Transport& transport, Report& report) {
  const HttpAnswer answer = Ask(url, path, Method::kGet, transport);
  if (RefusesStrangers(settings)) return JudgeHandshake(path, answer, report);
  if (answer.http_status == kMethodNotAllowed) {
    report.good.push_back({kIngress, path + " is reached by the public URL from here"});
    CheckRefusal(settings, url, path, transport, report);
    return;
  }
  const std::string what = answer.http_status == 0
                               ? absl::StrFormat("%s is not reached by the public URL: %s", path,
                                                 provider::DescribeFailure(answer).description())
                               : absl::StrFormat("%s answers %d to GET; the ingress answers 405",
                                                 path, answer.http_status);
  report.findings.push_back({kIngress, what, kNoWebhook, kStartIngress});
}

std::string Mebibytes(std::int64_t bytes) {
  return absl::StrFormat("%.0f MiB", static_cast<double>(bytes) / (1024 * 1024));
}

void CheckDisk(const std::filesystem::path& folder, std::int64_t bytes_min, Report& report) {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(folder, error);
  if (error) {
    report.unchecked.push_back(
        {kDisk,
         "the folder of store.sqlite.path is not on this machine: run doctor where the "
         "server runs"});
    return;
  }
  const auto free = static_cast<std::int64_t>(space.available);
  if (free < bytes_min) {
    report.findings.push_back(
        {kDisk,
         absl::StrFormat("%s are free where the store is; limits.free_disk_bytes_min is %s",
                         Mebibytes(free), Mebibytes(bytes_min)),
         "the server refuses new bridges and rejects incoming calls as busy, unless its file has "
         "room inside",
         "make room on the disk, or lower limits.free_disk_bytes_min"});
    return;
  }
  report.good.push_back({kDisk, Mebibytes(free) + " are free where the store is"});
}

void CheckVersion(const std::string& path, Report& report) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    report.good.push_back({kStore, "there is no file yet; the server's first start makes it"});
    return;
  }
  const auto versions = store::ReadFileVersion(path);
  if (!versions.ok()) {
    report.unchecked.push_back({kStore, std::string(versions.status().message())});
  } else if (versions->version > versions->newest) {
    report.findings.push_back(
        {kStore,
         absl::StrFormat("the file has version %d, and this program knows versions up to %d",
                         versions->version, versions->newest),
         "callbridge-server of this release does not start on it",
         "start the newer release, or restore a backup made before it ran"});
  } else if (versions->version < versions->newest) {
    report.notes.push_back(
        {kStore, absl::StrFormat("the file has version %d; the next start brings it to %d, so make "
                                 "a backup first",
                                 versions->version, versions->newest)});
  } else {
    report.good.push_back({kStore, absl::StrFormat("the file has version %d, as this release "
                                                   "writes it",
                                                   versions->version)});
  }
}

}  // namespace

void CheckIngress(const Webhook& settings, provider::Transport& transport, Report& report) {
  const std::optional<base::Url> url = base::ParseUrl(settings.public_url());
  if (!url) {
    report.unchecked.push_back({kIngress, "webhook.public_url is not set"});
    return;
  }
  for (const std::string& path : std::set<std::string>{settings.path(), settings.receive_path()}) {
    CheckPath(settings, *url, path, transport, report);
  }
  report.notes.push_back({kIngress,
                          "whether the provider itself reaches it shows when a webhook comes: "
                          "callbridge status counts them"});
}

void CheckStore(const config::v1::Settings& settings, Report& report) {
  if (!settings.store().has_sqlite()) {
    report.notes.push_back({kStore, "is in memory: nothing survives a restart"});
    return;
  }
  const std::string& path = settings.store().sqlite().path();
  // The file may be a symbolic link to another disk.
  std::error_code error;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, error);
  CheckDisk((error ? std::filesystem::absolute(path) : real).parent_path(),
            settings.limits().free_disk_bytes_min(), report);
  CheckVersion(path, report);
}

}  // namespace callbridge::admin
