#include "server/api/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "server/api/grpc_edge.h"
#include "server/base/limits.h"
#include "tests/api/api_world.h"
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

TEST(Errors, DoNotAskForARepetitionWhereTheStoreIsDamaged) {
  const ReadError error = ReadErrorOf(ToGrpcStatus(absl::DataLossError("page 7")));
  EXPECT_EQ(error.code, grpc::StatusCode::DATA_LOSS);
  EXPECT_EQ(error.reason, "STORE_DAMAGED");
  EXPECT_FALSE(error.retry_delay.has_value());
}

TEST(Errors, SayTheOldestTimeOnlyIfItIsKnown) {
  const base::Time noon =
      std::chrono::sys_days(std::chrono::year(2026) / 1 / 15) + std::chrono::hours(12);
  EXPECT_EQ(ReadErrorOf(ToGrpcStatus(ResumeTokenExpired(noon, false))).metadata.at("oldest_time"),
            "2026-01-15T12:00:00.000Z");
  EXPECT_TRUE(ReadErrorOf(ToGrpcStatus(ResumeTokenExpired(std::nullopt, false))).metadata.empty());
}

// What the trailers of an error weigh: gRPC writes the details in base64 and escapes all that is no
// plain ASCII.
std::size_t TrailerBytes(const grpc::Status& status) {
  std::size_t bytes = status.error_details().size() * 4 / 3 + 4;
  for (const char c : status.error_message()) bytes += c >= 0x20 && c <= 0x7E && c != '%' ? 1 : 3;
  return bytes;
}

// The kinds of mistakes of which one request can hold any number.
void AddMistake(int kind, int i, v1::StartBridgeRequest& request) {
  const std::string number = std::to_string(i);
  auto& labels = *request.mutable_labels();
  switch (kind) {
    case 0:
      labels["Bad Key " + number] = "x";
      break;
    case 1:
      labels[std::string(2'000, 'k') + number] = "x";
      break;
    case 2:
      labels["\xE2\x82\xAC\xE2\x82\xAC " + number] = "x";
      break;
    case 3:
      labels["key-" + number] = std::string(200, 'x');
      break;
    default: {
      auto& sip = *request.mutable_callees(0)->mutable_endpoint()->mutable_sip();
      sip.set_trunk_id("trunk-1");
      sip.set_username("bob");
      (*sip.mutable_headers())["X-H" + number] = kind == 4 ? "a\r\nb" : "";
      (*sip.mutable_headers())[kind == 5 ? std::string(1'000, 'h') + number : "X-A"] = "";
    }
  }
}

TEST(Errors, ReachTheClientHoweverMuchIsWrong) {
  tests::ApiWorld world;
  for (int kind = 0; kind < 6; ++kind) {
    for (const int count : {17, 30, 60, 100, 200}) {
      v1::StartBridgeRequest request = tests::ClickToCall("r-1");
      request.set_validate_only(true);
      for (int i = 0; i < count; ++i) AddMistake(kind, i, request);
      if (request.ByteSizeLong() > base::kApiRequestBytesMax) continue;
      v1::StartBridgeResponse response;
      const grpc::Status status = world.Start(request, &response);
      ASSERT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
          << kind << " " << count << ": " << status.error_message();
      EXPECT_LT(TrailerBytes(status), 7'500U) << kind << " " << count;
      const ReadError error = ReadErrorOf(status);
      EXPECT_LE(error.fields.size(), base::kViolationsMax);
      EXPECT_GE(error.fields.size(), 5U) << kind;
      EXPECT_THAT(status.error_message(), HasSubstr(" more: correct these first"));
      // Also the limit of 16 labels or headers is one.
      EXPECT_EQ(error.metadata.at("violations"), std::to_string(count + 1)) << kind;
    }
  }
}

TEST(Errors, NameTheKeyThatIsAtFault) {
  const grpc::Status status = [] {
    tests::ApiWorld world;
    v1::StartBridgeRequest request = tests::ClickToCall("r-1");
    (*request.mutable_labels())["Team"] = "x";
    (*request.mutable_labels())["Order"] = "x";
    v1::StartBridgeResponse response;
    return world.Start(request, &response);
  }();
  EXPECT_THAT(ReadErrorOf(status).fields, ElementsAre("labels.Order", "labels.Team"));
  EXPECT_THAT(status.error_message(), HasSubstr("labels.Order: a label's key must be"));
}

TEST(Errors, LeaveOkAlone) { EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok()); }

}  // namespace
}  // namespace callbridge::api
