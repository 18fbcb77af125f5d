#include "server/settings/network_validation.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "server/settings/addresses.h"
#include "server/settings/defaults.h"

namespace callbridge::settings {
namespace {

using config::v1::Settings;
using config::v1::Tls;
using config::v1::Webhook;

// Absent and refused if it is no address; the default if the text is empty.
std::optional<ListenAddress> ValidateListen(const std::string& text, const std::string& otherwise,
                                            const std::string& path, Findings& findings) {
  std::optional<ListenAddress> address = ParseListenAddress(text.empty() ? otherwise : text);
  if (!address.has_value()) {
    findings.Refuse(path, "must be \"host:port\", \"[address]:port\" or \"unix:path\"");
  }
  return address;
}

// "In words": a single one like "true" or "yes" says nothing about what protects the port.
void ValidateWords(const std::string& words, const std::string& path, Findings& findings) {
  const std::string_view stripped(absl::StripAsciiWhitespace(words).data(),
                                  absl::StripAsciiWhitespace(words).size());
  if (stripped.find(' ') == std::string_view::npos) {
    findings.Refuse(path,
                    "must say in words what protects the port, for example \"mesh sidecar "
                    "terminates mutual TLS\"");
  }
}

void ValidateProtection(const ListenAddress& address, const std::string& protected_by, bool tls,
                        const std::string& path, Findings& findings) {
  if (!protected_by.empty()) {
    ValidateWords(protected_by, FieldPath(path, "protected_by"), findings);
  } else if (!address.IsLocal() && !tls) {
    findings.Refuse(
        FieldPath(path, "listen"),
        absl::StrFormat("is plain text beyond this machine; listen on 127.0.0.1 or unix:, %s"
                        "or say in %s.protected_by what protects the port",
                        path == "grpc" ? "set grpc.tls, " : "", path));
  }
}

void ValidateTls(const Tls& tls, const std::string& path, Findings& findings) {
  if (tls.certificate_file().empty()) {
    findings.Refuse(FieldPath(path, "certificate_file"), "required: a PEM file");
  }
  if (tls.key_file().empty()) findings.Refuse(FieldPath(path, "key_file"), "required: a PEM file");
  if (tls.client_ca_file().empty()) {
    findings.Refuse(FieldPath(path, "client_ca_file"),
                    "required: a PEM file of the authority whose clients may call");
  }
}

bool IsHeaderName(const std::string& name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
  });
}

void ValidateBasic(const Webhook::WebhookBasic& basic, Findings& findings) {
  const std::string path = "webhook.basic.credentials";
  if (basic.credentials_size() == 0) {
    findings.Refuse(path, "required: at least one entry with username and password_file");
  }
  for (int i = 0; i < basic.credentials_size(); ++i) {
    const std::string item_path = ItemPath(path, static_cast<std::size_t>(i));
    const config::v1::Basic& credentials = basic.credentials(i);
    if (credentials.username().empty()) {
      findings.Refuse(FieldPath(item_path, "username"), "required");
    } else if (credentials.username().find(':') != std::string::npos) {
      findings.Refuse(FieldPath(item_path, "username"), "must not contain \":\"");
    }
    if (credentials.password_file().empty()) {
      findings.Refuse(FieldPath(item_path, "password_file"),
                      "required: a file that holds the password");
    }
  }
}

void ValidateHmac(const Webhook::WebhookHmac& hmac, Findings& findings) {
  const std::string path = "webhook.hmac.secret_files";
  if (hmac.secret_files_size() == 0) {
    findings.Refuse(path, "required: at least one file that holds the secret");
  }
  for (int i = 0; i < hmac.secret_files_size(); ++i) {
    if (hmac.secret_files(i).empty()) {
      findings.Refuse(ItemPath(path, static_cast<std::size_t>(i)), "must name a file");
    }
  }
  if (!IsHeaderName(hmac.header())) {
    findings.Refuse("webhook.hmac.header", "must be a header's name");
  }
  if (hmac.algorithm() == Webhook::WebhookHmac::ALGORITHM_HMAC_SHA_1) {
    findings.Warn("webhook.hmac.algorithm", "is weak; use hmac_sha_256 or longer");
  }
}

void ValidateWebhook(const Webhook& webhook, Findings& findings) {
  const bool is_path =
      webhook.path().empty() || (webhook.path().starts_with('/') &&
                                 webhook.path().find_first_of("?# \t\r\n") == std::string::npos);
  if (!is_path) findings.Refuse("webhook.path", "must be a path like \"/infobip/events\"");
  if (webhook.path() == "/livez" || webhook.path() == "/readyz") {
    findings.Refuse("webhook.path",
                    "is where the ingress answers for its health; choose another one, like "
                    "\"/infobip/events\"");
  }
  switch (webhook.authentication_case()) {
    case Webhook::kBasic:
      return ValidateBasic(webhook.basic(), findings);
    case Webhook::kHmac:
      return ValidateHmac(webhook.hmac(), findings);
    case Webhook::kProtectedBy:
      return ValidateWords(webhook.protected_by(), "webhook.protected_by", findings);
    case Webhook::AUTHENTICATION_NOT_SET:
      findings.Refuse("webhook",
                      "needs basic or hmac; without them anybody could invent webhooks "
                      "(or say in webhook.protected_by what prevents that)");
      return;
  }
}

struct Listener {
  std::string path;
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

}  // namespace

void ValidateNetwork(const Settings& settings, Findings& findings) {
  const auto& otherwise = DefaultSettings();
  const auto grpc =
      ValidateListen(settings.grpc().listen(), otherwise.grpc().listen(), "grpc.listen", findings);
  if (grpc.has_value()) {
    ValidateProtection(*grpc, settings.grpc().protected_by(), settings.grpc().has_tls(), "grpc",
                       findings);
  }
  if (settings.grpc().has_tls()) ValidateTls(settings.grpc().tls(), "grpc.tls", findings);

  const auto inbox = ValidateListen(settings.inbox().listen(), otherwise.inbox().listen(),
                                    "inbox.listen", findings);
  if (inbox.has_value()) {
    ValidateProtection(*inbox, settings.inbox().protected_by(), false, "inbox", findings);
  }

  const auto webhook = ValidateListen(settings.webhook().listen(), otherwise.webhook().listen(),
                                      "webhook.listen", findings);
  if (webhook.has_value() && !webhook->unix_path.empty()) {
    findings.Refuse("webhook.listen", "must be \"host:port\": the provider speaks HTTP over TCP");
  }
  ValidateWebhook(settings.webhook(), findings);
  ValidateApart({{"grpc.listen", grpc}, {"inbox.listen", inbox}, {"webhook.listen", webhook}},
                findings);
}

}  // namespace callbridge::settings
