// Shows the webhooks that come, whole, to a program that asks what the provider sends instead of
// using it: callbridge-admin doctor --live. Those that the authentication refuses are shown as
// well, as such. It shows no value of a header, because a value may be a secret.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "webhook/http_rules.h"

namespace callbridge::webhook {

struct SeenWebhook {
  // The names of the headers, as they were written.
  std::vector<std::string> headers;
  // Whether the authentication of the settings accepts it.
  bool authentic = false;
  // How it is signed by one of the secrets, as webhook.hmac has it: "{header: X-Ib-Hmac-Signature,
  // prefix: \"SHA256=\", encoding: hex, algorithm: hmac_sha_256}". Empty if no signature of theirs
  // is found.
  std::string signature;
  std::string body;
};

// Not thread-safe: the thread of the ingress calls it.
class Watch {
 public:
  // secrets: of signatures. saw: is called with each webhook, before it is answered.
  Watch(std::vector<std::string> secrets, std::function<void(SeenWebhook)> saw);

  void Saw(const RequestHead& head, std::string_view body, bool authentic);

 private:
  const std::vector<std::string> secrets_;
  const std::function<void(SeenWebhook)> saw_;
};

}  // namespace callbridge::webhook
