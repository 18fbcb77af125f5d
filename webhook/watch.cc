#include "webhook/watch.h"

#include <absl/strings/str_format.h>

#include <optional>
#include <utility>

#include "webhook/signature_search.h"

namespace callbridge::webhook {

Watch::Watch(std::vector<std::string> secrets, std::function<void(SeenWebhook)> saw)
    : secrets_(std::move(secrets)), saw_(std::move(saw)) {}

void Watch::Saw(const RequestHead& head, std::string_view body, bool authentic) {
  SeenWebhook seen;
  for (const auto& field : head) seen.headers.emplace_back(View(field.name_string()));
  seen.authentic = authentic;
  if (const std::optional<SignatureFit> fit = FindSignature(head, body, secrets_)) {
    seen.signature = absl::StrFormat("{header: %s, prefix: \"%s\", encoding: %s, algorithm: %s}",
                                     fit->form.header, fit->form.prefix, NameOf(fit->form.encoding),
                                     NameOf(fit->algorithm));
  }
  seen.body = body;
  saw_(std::move(seen));
}

}  // namespace callbridge::webhook
