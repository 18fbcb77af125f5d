// A signature that is being set up (webhook.report_only): each request that the enforced
// authentication has let in is judged, counted and told, and never refused.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "server/base/counters.h"
#include "server/base/throttled_log.h"
#include "webhook/authenticate.h"
#include "webhook/http_rules.h"

namespace callbridge::webhook {

// Not thread-safe.
class SignatureTrial {
 public:
  explicit SignatureTrial(std::unique_ptr<Authenticator> authenticator)
      : authenticator_(std::move(authenticator)) {}
  // Logs how many requests would have been refused.
  ~SignatureTrial();
  SignatureTrial(const SignatureTrial&) = delete;
  SignatureTrial& operator=(const SignatureTrial&) = delete;

  // sender: an address for the log.
  void Judge(const RequestHead& head, std::string_view body, const std::string& sender,
             base::ThrottledLog& log);

 private:
  const std::unique_ptr<Authenticator> authenticator_;
  base::Counter fit_{"webhook_trial_fits",
                     "Webhooks whose signature fits webhook.report_only, which is being set up."};
  base::Counter refused_{"webhook_trial_would_refuse",
                         "Webhooks that webhook.report_only would have refused if it decided."};
};

}  // namespace callbridge::webhook
