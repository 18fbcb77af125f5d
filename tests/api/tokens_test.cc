#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "server/api/asker.h"
#include "server/api/opaque_text.h"
#include "server/api/page_token.h"
#include "server/api/resume_token.h"

namespace callbridge::api {
namespace {

ResumeToken TokenOfAll() {
  ResumeToken token;
  token.kind = ResumeToken::Kind::kAll;
  token.store = StoreDigest("store-1");
  token.scope = ScopeDigest("", {{"team", "support"}});
  token.position[0] = 1;
  token.position[63] = 9'000'000'000'000;
  return token;
}

TEST(ResumeToken, ComesBackAsItWas) {
  const ResumeToken token = TokenOfAll();
  const auto read = DecodeResumeToken(EncodeResumeToken(token));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->kind, token.kind);
  EXPECT_EQ(read->store, token.store);
  EXPECT_EQ(read->scope, token.scope);
  EXPECT_EQ(read->position, token.position);
}

TEST(ResumeToken, KeepsThePlaceInASnapshot) {
  ResumeToken token = TokenOfAll();
  token.kind = ResumeToken::Kind::kAllInSnapshot;
  token.snapshot_place = "s_01KEZZZZZZZZZZZZZZZZZZ0001";
  const auto read = DecodeResumeToken(EncodeResumeToken(token));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->kind, token.kind);
  EXPECT_EQ(read->snapshot_place, token.snapshot_place);
  EXPECT_FALSE(read->ended_since.has_value());
  token.ended_since = base::Time(std::chrono::seconds(1'768'478'400));
  EXPECT_EQ(DecodeResumeToken(EncodeResumeToken(token))->ended_since, token.ended_since);
}

TEST(ResumeToken, OfOneSessionIsShort) {
  ResumeToken token;
  token.store = StoreDigest("store-1");
  token.scope = ScopeDigest("s_1", {});
  token.sequence = 70'000;
  const std::string text = EncodeResumeToken(token);
  EXPECT_LE(text.size(), 48U);
  const auto read = DecodeResumeToken(text);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->sequence, 70'000);
}

TEST(ResumeToken, IsRefusedWithAnySingleCharacterChanged) {
  const std::string text = EncodeResumeToken(TokenOfAll());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(DecodeResumeToken(damaged).has_value()) << i;
    EXPECT_FALSE(DecodeResumeToken(text.substr(0, i)).has_value()) << i;
  }
  EXPECT_FALSE(DecodeResumeToken("no token at all").has_value());
}

TEST(ResumeToken, IsWrittenInOneWayOnly) {
  const std::string text = EncodeResumeToken(TokenOfAll());
  EXPECT_FALSE(DecodeResumeToken(text + "=").has_value());
  EXPECT_FALSE(DecodeResumeToken(" " + text).has_value());
  // The right checksum over a sequence of 0 that takes two bytes.
  const std::string digests(16, 'd');
  const std::string zero(1, '\0');
  EXPECT_TRUE(DecodeResumeToken(Seal('r', zero + digests + zero)).has_value());
  EXPECT_FALSE(DecodeResumeToken(Seal('r', zero + digests + "\x80" + zero)).has_value());
}

TEST(ResumeToken, TellsScopesApart) {
  EXPECT_NE(ScopeDigest("", {{"a", "b"}}), ScopeDigest("", {{"ab", ""}}));
  EXPECT_NE(ScopeDigest("", {}), ScopeDigest("s_1", {}));
  EXPECT_NE(ScopeDigest("s_1", {}), ScopeDigest("s_2", {}));
}

TEST(PageToken, IsBoundToTheConditionsAndNotToTheSizeOfAPage) {
  v1::ListSessionsRequest request;
  (*request.mutable_labels())["team"] = "support";
  request.set_page_size(10);
  request.set_page_token(EncodePageToken(request, "s_7"));
  request.set_page_size(20);
  EXPECT_EQ(DecodePageToken(request), "s_7");
  (*request.mutable_labels())["team"] = "sales";
  EXPECT_FALSE(DecodePageToken(request).has_value());
}

TEST(PageToken, OfNoPlaceIsRefused) {
  v1::ListSessionsRequest request;
  request.set_page_token(EncodePageToken(request, ""));
  EXPECT_FALSE(DecodePageToken(request).has_value()) << "it would be the first page once more";
}

TEST(PageToken, IsNoResumeToken) {
  v1::ListSessionsRequest request;
  EXPECT_FALSE(DecodeResumeToken(EncodePageToken(request, "s_7")).has_value());
  request.set_page_token(EncodeResumeToken(TokenOfAll()));
  EXPECT_FALSE(DecodePageToken(request).has_value());
}

TEST(OpaqueText, DigestsMapsInTheOrderOfTheirKeys) {
  v1::ListSessionsRequest one;
  v1::ListSessionsRequest other;
  for (int i = 0; i < 16; ++i) {
    (*one.mutable_labels())[std::to_string(i)] = "x";
    (*other.mutable_labels())[std::to_string(15 - i)] = "x";
  }
  EXPECT_EQ(DeterministicBytes(one), DeterministicBytes(other));
}

TEST(TraceId, IsTakenFromAWellFormedHeaderOnly) {
  const std::string id = "4bf92f3577b34da6a3ce929d0e0e4736";
  EXPECT_EQ(TraceIdOf("00-" + id + "-00f067aa0ba902b7-01"), id);
  EXPECT_EQ(TraceIdOf("00-" + std::string(32, '0') + "-00f067aa0ba902b7-01"), "");
  EXPECT_EQ(TraceIdOf("00-" + std::string(32, 'G') + "-00f067aa0ba902b7-01"), "");
  EXPECT_EQ(TraceIdOf("00_" + id + "-00f067aa0ba902b7-01"), "");
  EXPECT_EQ(TraceIdOf("00-" + id + "_00f067aa0ba902b7-01"), "");
  EXPECT_EQ(TraceIdOf("00-" + id), "");
  EXPECT_EQ(TraceIdOf(""), "");
}

}  // namespace
}  // namespace callbridge::api
