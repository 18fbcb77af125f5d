// callbridge-admin setup with webhook.report_only: for which signature the provider signs, and what
// the program says of it.
#include <gmock/gmock.h>

#include "tests/admin/admin_fixture.h"
#include "tests/api/certificates.h"

namespace callbridge::admin {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Trial : public AdminTest {
 protected:
  // Replaces the signature of the settings.
  Result SetUpWith(const std::string& webhook) {
    folder_.Write("other", "another-secret-of-webhooks");
    WriteSettings({{"  hmac: {secret_files: [FOLDER/secret]}", webhook}});
    Result result = Run({"setup"});
    EXPECT_EQ(result.status, ExitStatus::kOk) << result.err;
    return result;
  }
  std::string TypeOfSecurity() { return At("/subscriptions/1/security", "/results/0/type"); }
};

constexpr char kTrial[] = "\n  report_only: {secret_files: [FOLDER/other]}";

TEST_F(Trial, SignsForTheTrialWhereWhatDecidesNeedsNoSecurity) {
  const std::string words = "protected_by: a gateway checks the certificate";
  EXPECT_THAT(SetUpWith("  " + words + kTrial).out,
              AllOf(HasSubstr("note          the provider signs for webhook.report_only"),
                    HasSubstr("created       security setting")));
  EXPECT_EQ(TypeOfSecurity(), "HMAC");
  // The trial that has become the authentication is the same at the provider.
  EXPECT_THAT(SetUpWith("  hmac: {secret_files: [FOLDER/other]}").out,
              HasSubstr("Nothing was changed."));
  EXPECT_THAT(Run({"doctor"}).out, Not(HasSubstr("report_only")));
}

TEST_F(Trial, SaysThatBasicLeavesNoSignatureToTry) {
  EXPECT_THAT(
      SetUpWith("  basic: {credentials: [{username: infobip, password_file: FOLDER/secret}]}" +
                std::string(kTrial))
          .out,
      HasSubstr("webhook.report_only cannot be tried beside webhook.basic"));
  EXPECT_EQ(TypeOfSecurity(), "BASIC");
  EXPECT_THAT(Run({"doctor"}).out,
              HasSubstr("note       security: webhook.report_only cannot be tried"));
}

TEST_F(Trial, TriesAnotherFormOnTheSignatureThatDecides) {
  const std::string hmac = "  hmac: {secret_files: [FOLDER/secret]}\n  report_only: ";
  EXPECT_THAT(SetUpWith(hmac + "{secret_files: [FOLDER/secret], header: X-Other}").out,
              HasSubstr("is tried on the signatures of webhook.hmac"));
  EXPECT_THAT(SetUpWith(hmac + "{secret_files: [FOLDER/other]}").out,
              HasSubstr("webhook.report_only has another secret or algorithm"));
  EXPECT_THAT(SetUpWith(hmac + "{secret_files: [FOLDER/secret], algorithm: hmac_sha_512}").out,
              HasSubstr("webhook.report_only has another secret or algorithm"));
}

}  // namespace
}  // namespace callbridge::admin
