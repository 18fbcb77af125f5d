#include "callbridge/error_details.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/report.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/cli/status.h"

namespace callbridge::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ToAbslStatus, CarriesTheDetails) {
  const absl::Status status = ToAbslStatus(MakeError(
      grpc::StatusCode::RESOURCE_EXHAUSTED, "TOO_MANY_SESSIONS", std::chrono::milliseconds(1500)));
  EXPECT_TRUE(absl::IsResourceExhausted(status));
  const ErrorDetails details = DetailsOf(status);
  EXPECT_EQ(details.reason, "TOO_MANY_SESSIONS");
  EXPECT_EQ(details.retry_delay, std::chrono::milliseconds(1500));
  EXPECT_TRUE(details.field_violations.empty());
}

TEST(ToAbslStatus, SurvivesDetailsThatAreNone) {
  const absl::Status status = ToAbslStatus({grpc::StatusCode::INTERNAL, "x", "\xFF\xFF\xFF"});
  EXPECT_TRUE(absl::IsInternal(status));
  EXPECT_EQ(DetailsOf(status).reason, "");
  EXPECT_TRUE(ToAbslStatus(grpc::Status::OK).ok());
}

TEST(IsResumeTokenExpired, LooksAtTheReasonToo) {
  EXPECT_TRUE(IsResumeTokenExpired(
      ToAbslStatus(MakeError(grpc::StatusCode::OUT_OF_RANGE, "RESUME_TOKEN_EXPIRED"))));
  EXPECT_FALSE(IsResumeTokenExpired(ToAbslStatus({grpc::StatusCode::OUT_OF_RANGE, "other"})));
  EXPECT_FALSE(IsResumeTokenExpired(absl::OkStatus()));
}

TEST(ErrorText, ShowsFieldsReasonAndMetadata) {
  const absl::Status status =
      ToAbslStatus(MakeFieldError("callees[0].endpoint.phone.number", "8 to 15 digits"));
  EXPECT_EQ(cli::ErrorText(status, {}),
            "callbridge: INVALID_ARGUMENT: 1 field is wrong\n"
            "  --callee (callees[0].endpoint.phone.number): 8 to 15 digits\n"
            "  reason: INVALID_FIELD\n"
            "  limit: 8\n");
}

TEST(ErrorText, SaysWhenToTryAgain) {
  const absl::Status status = ToAbslStatus(MakeError(
      grpc::StatusCode::RESOURCE_EXHAUSTED, "DIAL_BACKLOG", std::chrono::milliseconds(2500)));
  EXPECT_THAT(cli::ErrorText(status, {}), HasSubstr("  try again in 2.5 s\n"));
}

TEST(ErrorText, NamesTheAddressOnlyWhenNobodyAnswered) {
  cli::GlobalOptions global;
  global.server = "host:1";
  EXPECT_THAT(cli::ErrorText(absl::UnavailableError("refused"), global),
              HasSubstr("no answer from host:1"));
  const absl::Status draining = ToAbslStatus(MakeError(grpc::StatusCode::UNAVAILABLE, "DRAINING"));
  EXPECT_THAT(cli::ErrorText(draining, global), Not(HasSubstr("host:1")));
}

TEST(ErrorText, NamesTlsOnlyToWhomDoesNotUseIt) {
  cli::GlobalOptions global;
  EXPECT_THAT(cli::ErrorText(absl::UnavailableError("Socket closed"), global), HasSubstr("--ca"));
  global.authority_file = "ca.pem";
  EXPECT_THAT(cli::ErrorText(absl::UnavailableError("Socket closed"), global),
              Not(HasSubstr("--ca")));
}

TEST(ErrorText, SaysWhenTheAddressIsOfAnotherService) {
  cli::GlobalOptions global;
  global.server = "host:50052";
  EXPECT_EQ(cli::ErrorText(absl::UnimplementedError(""), global),
            "callbridge: UNIMPLEMENTED: host:50052 answers gRPC, but is not the Callbridge API; is "
            "it the "
            "inbox, or another service?\n");
  EXPECT_THAT(cli::ErrorText(absl::UnimplementedError("field x"), global), HasSubstr("field x"));
}

// A count of bytes has as many digits as a telephone number.
TEST(ErrorText, ShowsCountsAndTimesAsTheyAreAndNothingEmpty) {
  google::rpc::ErrorInfo info;
  info.set_reason("TOO_LITTLE_DISK");
  (*info.mutable_metadata())["limit"] = "268435456";
  (*info.mutable_metadata())["oldest_time"] = "2026-01-15T12:00:00.123456789Z";
  (*info.mutable_metadata())["field"] = "labels[+442079460000]";
  (*info.mutable_metadata())["prefix"] = "";
  google::rpc::Status details;
  details.set_code(static_cast<int>(grpc::StatusCode::RESOURCE_EXHAUSTED));
  details.add_details()->PackFrom(info);
  const std::string text =
      cli::ErrorText(ToAbslStatus(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "full",
                                               details.SerializeAsString())),
                     {});
  EXPECT_THAT(text, HasSubstr("  limit: 268435456\n"));
  EXPECT_THAT(text, HasSubstr("  oldest_time: 2026-01-15T12:00:00.123456789Z\n"));
  EXPECT_THAT(text, Not(HasSubstr("2079460000")));
  EXPECT_THAT(text, Not(HasSubstr("prefix")));
}

TEST(ErrorText, MasksNumbersUnlessAsked) {
  const absl::Status status = absl::InvalidArgumentError("not +442079460000");
  EXPECT_THAT(cli::ErrorText(status, {}), Not(HasSubstr("2079460000")));
  cli::GlobalOptions global;
  global.show_numbers = true;
  EXPECT_THAT(cli::ErrorText(status, global), HasSubstr("+442079460000"));
}

}  // namespace
}  // namespace callbridge::client
