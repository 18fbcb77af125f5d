#include "server/api/stream_request.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/api/errors.h"
#include "server/api/grpc_edge.h"
#include "tests/api/error_reading.h"
#include "tests/api/story.h"

namespace callbridge::api {
namespace {

using tests::SessionName;

struct BadRequestCase {
  std::string name;
  v1::StreamEventsRequest request;
  std::string reason;
};

std::vector<BadRequestCase> BadRequests() {
  std::vector<BadRequestCase> cases;
  const auto add = [&cases](const std::string& name, const std::string& reason) {
    cases.push_back({name, {}, reason});
    return &cases.back().request;
  };
  add("interval_too_short", "INVALID_FIELD")->mutable_bookmark_interval()->set_seconds(4);
  add("interval_too_long", "INVALID_FIELD")->mutable_bookmark_interval()->set_seconds(61);
  add("unknown_detail", "INVALID_FIELD")->set_detail(static_cast<v1::SessionEvent::Detail>(9));
  add("unknown_position", "INVALID_FIELD")->set_position(static_cast<v1::StartPosition>(9));
  add("ended_since_too_far", "INVALID_FIELD")->mutable_ended_since()->set_seconds(1LL << 60);
  add("not_a_token", "RESUME_TOKEN_INVALID")->set_resume_token("x");
  add("session_id_too_long", "INVALID_FIELD")->set_session_id(std::string(65, 's'));
  auto* labels = add("labels_with_session", "INVALID_FIELD");
  labels->set_session_id(SessionName(1));
  (*labels->mutable_labels())["a"] = "b";
  ResumeToken token;
  token.store = StoreDigest("x");
  token.scope = ScopeDigest(SessionName(2), {});
  auto* mismatch = add("token_of_another_session", "RESUME_TOKEN_MISMATCH");
  mismatch->set_session_id(SessionName(1));
  mismatch->set_resume_token(EncodeResumeToken(token));
  return cases;
}

TEST(StreamRequest, RefusesWhatCannotBeMeant) {
  for (const BadRequestCase& bad : BadRequests()) {
    const auto wish = ReadStreamRequest(bad.request);
    EXPECT_EQ(tests::ReasonOf(ToGrpcStatus(wish.status())), bad.reason) << bad.name;
  }
}

TEST(StreamRequest, FillsInDefaults) {
  const auto wish = ReadStreamRequest({});
  ASSERT_TRUE(wish.ok());
  EXPECT_EQ(wish->detail, v1::SessionEvent::DETAIL_NORMAL);
  EXPECT_EQ(wish->start, StreamWish::Start::kSnapshot);
  EXPECT_EQ(wish->bookmark_interval, std::chrono::seconds(15));
  EXPECT_FALSE(wish->ended_since.has_value());
}

}  // namespace
}  // namespace callbridge::api
