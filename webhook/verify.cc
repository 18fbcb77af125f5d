#include "webhook/verify.h"

#include <absl/strings/match.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_replace.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "server/base/time.h"
#include "server/base/trimmed.h"
#include "webhook/list_header.h"
#include "webhook/sender.h"
#include "webhook/signature_search.h"
#include "webhook/translate.h"

namespace callbridge::webhook {
namespace {

using config::v1::Webhook;

constexpr std::size_t kMd5Bytes = 16;
constexpr std::size_t kTypesShownMax = 5;
constexpr char kSecretShownAs[] = "(a secret)";

// Says why the elements of the scheme's header are none of its signatures.
std::string WhyNotSignature(const RequestHead& head, const HmacScheme& scheme) {
  const std::size_t size = DigestSize(scheme.algorithm);
  std::vector<std::string_view> elements;
  for (const std::string_view line : ValuesOf(head, scheme.header)) AddElements(line, elements);
  if (elements.empty()) {
    return absl::StrFormat("the header %s is %s", scheme.header,
                           head.count(BeastView(scheme.header)) == 0 ? "missing" : "empty");
  }
  for (std::string_view element : elements) {
    if (TakePrefix(scheme.prefix, element)) element = base::Trimmed(element);
    if (DecodeSignature(element, scheme.encoding, size).has_value()) {
      return absl::StrFormat(
          "digest: %s has the right form, but no secret of the settings makes "
          "it over this body; the secret is another one, or the body was changed "
          "by a proxy or by the capture",
          scheme.header);
    }
  }
  for (const SignatureForm& form : FormsOfSignatures(head)) {
    if (!absl::EqualsIgnoreCase(form.header, scheme.header)) continue;
    if (form.signature.size() == kMd5Bytes) {
      return "algorithm: the value has 16 bytes, like HMAC_MD5, which is not supported; choose "
             "HMAC_SHA_256 at the provider";
    }
    if (form.signature.size() != size) {
      return absl::StrFormat("algorithm: the value has %d bytes, and %s makes %d",
                             form.signature.size(), NameOf(scheme.algorithm), size);
    }
    if (!form.prefix.empty() && !absl::EqualsIgnoreCase(form.prefix, scheme.prefix)) {
      return absl::StrFormat("prefix: the value begins with \"%s\", and the settings expect \"%s\"",
                             form.prefix, scheme.prefix);
    }
    return absl::StrFormat("encoding: the value is written as %s, and the settings expect %s",
                           NameOf(form.encoding), NameOf(scheme.encoding));
  }
  return absl::StrFormat("encoding: the value of %s is no signature in hexadecimal or base64",
                         scheme.header);
}

void AppendSettings(const std::string& block, const SignatureFit& fit, std::string& text) {
  text += absl::StrFormat("%s: these settings fit, with secret_files[%d]:\n", block, fit.secret);
  if (fit.without_line_break) {
    text += "  (over the body without the line break at its end, which the capture has added)\n";
  }
  text += absl::StrFormat("    webhook:\n      %s:\n        header: %s\n",
                          block.substr(block.find('.') + 1), fit.form.header);
  if (!fit.form.prefix.empty()) {
    text += absl::StrFormat("        prefix: \"%s\"\n", fit.form.prefix);
  }
  text += absl::StrFormat("        encoding: %s\n        algorithm: %s\n",
                          NameOf(fit.form.encoding), NameOf(fit.algorithm));
}

// Names the headers whose values have the form of a signature.
void AppendCandidates(const std::string& block, const RequestHead& head, std::string& text) {
  std::vector<std::string> named;
  for (const SignatureForm& form : FormsOfSignatures(head)) {
    // Ids of requests and traces have 16 bytes as well.
    if (form.signature.size() == kMd5Bytes ||
        std::ranges::find(named, form.header) != named.end()) {
      continue;
    }
    named.push_back(form.header);
    text += absl::StrFormat("%s: %s may be a signature: %d bytes, %s%s\n", block, form.header,
                            form.signature.size(), NameOf(form.encoding),
                            form.prefix.empty() ? "" : ", prefix \"" + form.prefix + "\"");
  }
  if (named.empty()) text += block + ": no header has the form of a signature\n";
}

// Returns true if the scheme accepts the request.
bool ExplainSignature(const std::string& block, const CapturedRequest& request,
                      const HmacScheme& scheme, std::string& text) {
  const auto authenticator = MakeHmacAuthenticator(scheme, block);
  if (!authenticator.ok()) {
    text += std::string(authenticator.status().message()) + "\n";
    return false;
  }
  if ((*authenticator)->Accepts(ValuesOf(request.head, scheme.header), request.body)) {
    text += block + ": the signature fits\n";
    return true;
  }
  text += absl::StrFormat("%s: refused: %s\n", block, WhyNotSignature(request.head, scheme));
  const auto fit = FindSignature(request.head, request.body, scheme.secrets);
  if (fit.has_value()) {
    AppendSettings(block, *fit, text);
  } else {
    AppendCandidates(block, request.head, text);
  }
  return false;
}

std::string WhyNotBasic(const RequestHead& head, const std::vector<BasicCredential>& credentials) {
  const std::vector<std::string_view> values = ValuesOf(head, "Authorization");
  if (values.empty()) return "the header Authorization is missing";
  if (values.size() > 1) return "the header Authorization comes more than once";
  std::string_view value = base::Trimmed(values.front());
  if (!TakePrefix("Basic ", value)) return "scheme: Authorization does not begin with \"Basic\"";
  const std::optional<std::string> shown = FromBase64(base::Trimmed(value));
  if (!shown.has_value()) return "encoding: what follows \"Basic\" is not base64";
  const std::size_t colon = shown->find(':');
  if (colon == std::string::npos) return "user: no \":\" stands behind the user name";
  const bool known = std::ranges::any_of(credentials, [&](const BasicCredential& credential) {
    return credential.username == shown->substr(0, colon);
  });
  return known ? "password: it is not that of this user in the settings"
               : "user: the user name is none of webhook.basic.credentials";
}

bool ExplainBasic(const CapturedRequest& request, const std::vector<BasicCredential>& credentials,
                  std::string& text) {
  const auto authenticator = MakeBasicAuthenticator(credentials);
  if (!authenticator.ok()) {
    text += std::string(authenticator.status().message()) + "\n";
    return false;
  }
  const auto values = ValuesOf(request.head, (*authenticator)->header());
  if ((*authenticator)->Accepts(values, request.body)) {
    text += "webhook.basic: user name and password fit\n";
    return true;
  }
  text += absl::StrFormat("webhook.basic: refused: %s\n", WhyNotBasic(request.head, credentials));
  return false;
}

bool ExplainAuthentication(const CapturedRequest& request, const Webhook& settings,
                           const WebhookSecrets& credentials, std::string& text) {
  switch (settings.authentication_case()) {
    case Webhook::kHmac:
      return credentials.hmac.has_value() &&
             ExplainSignature("webhook.hmac", request, *credentials.hmac, text);
    case Webhook::kBasic:
      return ExplainBasic(request, credentials.basic, text);
    case Webhook::kClientCertificate:
      text += "webhook.client_certificate: the handshake decides, which a capture does not hold\n";
      return true;
    case Webhook::kProtectedBy:
      text += "webhook.protected_by: no request is checked\n";
      return true;
    case Webhook::AUTHENTICATION_NOT_SET:
      break;
  }
  text += "webhook: needs basic, hmac, client_certificate or protected_by\n";
  return false;
}

// Returns false if the ingress refuses the body.
bool ExplainBody(const std::string& body, std::string& text) {
  const auto items = Translate(body, base::Time{});
  if (!items.ok()) {
    text += absl::StrFormat("body: refused: %s\n", std::string(items.status().message()));
    return false;
  }
  text += absl::StrFormat("body: %d event%s\n", items->size(), items->size() == 1 ? "" : "s");
  for (std::size_t i = 0; i < std::min(items->size(), kTypesShownMax); ++i) {
    const internal::v1::InboxItem& item = (*items)[i];
    text += item.has_event()
                ? absl::StrFormat("  %s\n", item.event().type_name())
                : absl::StrFormat("  cannot be read: %s\n", item.quarantined().error());
  }
  return true;
}

// A request may hold a secret where no value is expected, in the name of a header or the type of an
// event, because somebody wrote the capture by hand.
std::string WithoutSecrets(const std::string& text, const WebhookSecrets& credentials) {
  std::vector<std::pair<std::string, std::string>> replacements;
  for (std::string& secret : AllSecrets(credentials)) {
    replacements.emplace_back(std::move(secret), kSecretShownAs);
  }
  return absl::StrReplaceAll(text, replacements);
}

}  // namespace

Verdict Verify(const CapturedRequest& request, const Webhook& settings,
               const WebhookSecrets& credentials) {
  Verdict verdict;
  std::string& text = verdict.text;
  text = absl::StrFormat("request: body of %d bytes; headers: %s\n", request.body.size(),
                         NamesOfFields(request.head));
  for (const std::string& note : request.notes) text += "capture: " + note + "\n";
  RequestHead head = request.head;
  if (head.target().empty()) head.target(BeastView(settings.path()));
  const Judgement judgement = JudgeHead(head, {settings.path(), settings.receive_path()});
  const bool head_fits = judgement.refusal.status == boost::beast::http::status::ok &&
                         judgement.resource == Resource::kWebhooks;
  if (head_fits) {
    text += "head: it is a webhook's\n";
  } else {
    text += absl::StrFormat("head: refused: %s\n", judgement.refusal.reason.empty()
                                                       ? "it asks for the health of the ingress"
                                                       : std::string(judgement.refusal.reason));
  }
  const bool authentic = ExplainAuthentication(request, settings, credentials, text);
  if (credentials.report_only.has_value()) {
    ExplainSignature("webhook.report_only", request, *credentials.report_only, text);
  }
  const bool body_fits = ExplainBody(request.body, text);
  verdict.accepted = head_fits && authentic && body_fits;
  text += verdict.accepted ? "The ingress would take this request.\n"
                           : "The ingress would refuse this request.\n";
  text = WithoutSecrets(text, credentials);
  return verdict;
}

}  // namespace callbridge::webhook
