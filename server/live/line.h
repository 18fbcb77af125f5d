// The line to the provider on which scripts play: requests and their answers, and webhooks as they
// come. callbridge-admin has one with sockets (server/admin/live_line.h); tests have one on
// simulated time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/base/time.h"
#include "server/provider/http_message.h"

namespace callbridge::live {

// A webhook as it came.
struct Webhook {
  base::Time arrived;
  // Names of the headers, as they were written.
  std::vector<std::string> headers;
  // How it is signed with a secret of the settings, as webhook.hmac has it; empty if it is not.
  std::string signature;
  // Whether the authentication of the settings takes it.
  bool authentic = true;
  std::string body;
};

// For one thread.
class Line {
 public:
  virtual ~Line() = default;

  // Sends the request with the account's key and waits for its end. base_url: an apiBaseUrl of an
  // event; empty means the account's own. A URL that MaySendTo refuses is replaced by the
  // account's.
  virtual provider::HttpAnswer Send(const provider::HttpRequest& request,
                                    const std::string& base_url) = 0;
  // True if the account's allowed_hosts name the URL, so that it may be shown the key.
  virtual bool MaySendTo(const std::string& base_url) const = 0;
  // True if the URL is the account's own, in whatever form it is written.
  virtual bool IsOwn(const std::string& base_url) const = 0;

  // Returns the next webhook, or nothing if none has come by then. It returns at once when the
  // operator asks to stop, unless though_stopped.
  virtual std::optional<Webhook> WaitForWebhook(base::Time until, bool though_stopped) = 0;
  // The next webhook is answered 503, so that the provider may repeat it.
  virtual void RefuseNextWebhook() = 0;

  virtual base::Time Now() const = 0;
  // True once the operator has asked to stop.
  virtual bool stopped() const = 0;
};

}  // namespace callbridge::live
