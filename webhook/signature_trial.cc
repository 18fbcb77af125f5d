#include "webhook/signature_trial.h"

#include <absl/strings/str_format.h>

#include "server/base/log.h"
#include "webhook/sender.h"

namespace callbridge::webhook {

SignatureTrial::~SignatureTrial() {
  base::Log(base::LogLevel::kInfo, "webhook_trial_ends",
            {{"fits", fit_.value()}, {"would_refuse", refused_.value()}});
}

void SignatureTrial::Judge(const RequestHead& head, std::string_view body,
                           const std::string& sender, base::ThrottledLog& log) {
  const std::string_view header = authenticator_->header();
  if (authenticator_->Accepts(ValuesOf(head, header), body)) {
    if (fit_.Add() == 0) {
      base::Log(base::LogLevel::kInfo, "webhook_trial_fits",
                {{"header", header}, {"would_refuse", refused_.value()}});
    }
    return;
  }
  refused_.Add();
  log.Log(base::LogLevel::kWarning, "webhook_trial_would_refuse", {},
          absl::StrFormat("%d of %d so far; %s", refused_.value(), refused_.value() + fit_.value(),
                          DescribeRequest(head, header, body.size(), sender)));
}

}  // namespace callbridge::webhook
