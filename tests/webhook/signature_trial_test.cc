// webhook.report_only: a signature that is being set up refuses no request, is counted, and is
// told.
#include "webhook/signature_trial.h"

#include <absl/strings/escaping.h>
#include <absl/strings/str_join.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "server/base/counters.h"
#include "server/base/log.h"
#include "tests/webhook/running_listener.h"

namespace callbridge::webhook {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kTrialSecret = "secret-of-the-trial";

std::unique_ptr<SignatureTrial> MakeTrial() {
  HmacScheme scheme;
  scheme.header = "X-Sign";
  scheme.secrets = {std::string(kTrialSecret)};
  return std::make_unique<SignatureTrial>(*MakeHmacAuthenticator(scheme));
}

std::string SignedBy(std::string_view secret) {
  return "X-Sign: " + absl::BytesToHexString(Sign(Hmac::ALGORITHM_HMAC_SHA_256, secret, kBody)) +
         "\r\n";
}

std::int64_t CountOf(std::string_view name) {
  for (const base::CounterValue& counter : base::CountersNow()) {
    if (counter.name == name) return counter.value;
  }
  return 0;
}

TEST(SignatureTrial, CountsWhatItWouldRefuseAndRefusesNothing) {
  const base::LogCapture log;
  const std::int64_t fits = CountOf("webhook_trial_fits");
  const std::int64_t refused = CountOf("webhook_trial_would_refuse");
  auto trial = MakeTrial();
  {
    RunningListener running({.trial = trial.get()});
    HttpClient client(running.port());
    for (const std::string& headers : {SignedBy(kTrialSecret), SignedBy("another-secret"),
                                       std::string(), SignedBy(kTrialSecret)}) {
      client.Send(Post(kPath, Credentials() + headers, kBody));
      EXPECT_EQ(client.Receive().status, 200) << headers;
    }
    // What the enforced authentication refuses is no part of the trial.
    client.Send(Post(kPath, SignedBy(kTrialSecret), kBody));
    EXPECT_EQ(client.Receive().status, 401);
    EXPECT_EQ(running.sink().Await(4).size(), 4u);
  }
  trial.reset();
  EXPECT_EQ(CountOf("webhook_trial_fits") - fits, 2);
  EXPECT_EQ(CountOf("webhook_trial_would_refuse") - refused, 2);
  const std::string lines = absl::StrJoin(log.Lines(), "\n");
  EXPECT_THAT(lines,
              AllOf(HasSubstr("webhook_trial_would_refuse"), HasSubstr("1 of 2 so far"),
                    HasSubstr("X-Sign: 1 values"), HasSubstr("from 127.0.0.1"),
                    HasSubstr(R"("event":"webhook_trial_fits","header":"X-Sign","would_refuse":0)"),
                    HasSubstr(R"("event":"webhook_trial_ends","fits":2,"would_refuse":2)")));
  EXPECT_THAT(lines, AllOf(Not(HasSubstr(std::string(kTrialSecret))),
                           Not(HasSubstr(SignedBy("another-secret").substr(8, 20)))));
}

}  // namespace
}  // namespace callbridge::webhook
