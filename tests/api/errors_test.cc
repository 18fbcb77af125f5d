#include "server/api/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/api/grpc_edge.h"
#include "tests/api/error_reading.h"

namespace callbridge::api {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using tests::ReadError;
using tests::ReadErrorOf;

TEST(Errors, NameEveryFieldAtFault) {
  const grpc::Status status = ToGrpcStatus(
      InvalidFields({{"request_id", "is required"}, {"callees[0].endpoint", "is required"}}));
  const ReadError error = ReadErrorOf(status);
  EXPECT_EQ(error.code, grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(error.reason, "INVALID_FIELD");
  EXPECT_THAT(error.fields, ElementsAre("request_id", "callees[0].endpoint"));
  EXPECT_FALSE(error.retry_delay.has_value());
}

TEST(Errors, MaskAClientsOwnWords) {
  const absl::Status status = InvalidFields({{"labels.447700900123", "is too long"}});
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("447700900123")));
  EXPECT_THAT(ReadErrorOf(ToGrpcStatus(status)).fields, ElementsAre("labels.447*******23"));
}

TEST(Errors, CarryMetadataAndTheTimeToRetryAfter) {
  const ReadError error = ReadErrorOf(ToGrpcStatus(DialBacklog(121, 6, seconds(4))));
  EXPECT_EQ(error.code, grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(error.reason, "DIAL_BACKLOG");
  EXPECT_EQ(error.metadata.at("backlog"), "121");
  EXPECT_EQ(error.metadata.at("rate"), "6");
  EXPECT_EQ(error.retry_delay, seconds(4));
}

TEST(Errors, MakeAnyStatusOfTheStoreUnavailable) {
  for (const absl::Status& status :
       {absl::UnavailableError("disk"), absl::InternalError("x"), absl::AbortedError("y")}) {
    const ReadError error = ReadErrorOf(ToGrpcStatus(status));
    EXPECT_EQ(error.code, grpc::StatusCode::UNAVAILABLE);
    EXPECT_EQ(error.reason, "STORE_UNAVAILABLE");
    EXPECT_TRUE(error.retry_delay.has_value());
  }
}

TEST(Errors, SayTheOldestTimeOnlyIfItIsKnown) {
  const base::Time noon =
      std::chrono::sys_days(std::chrono::year(2026) / 1 / 15) + std::chrono::hours(12);
  EXPECT_EQ(ReadErrorOf(ToGrpcStatus(ResumeTokenExpired(noon))).metadata.at("oldest_time"),
            "2026-01-15T12:00:00.000Z");
  EXPECT_TRUE(ReadErrorOf(ToGrpcStatus(ResumeTokenExpired(std::nullopt))).metadata.empty());
}

TEST(Errors, LeaveOkAlone) { EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok()); }

}  // namespace
}  // namespace callbridge::api
