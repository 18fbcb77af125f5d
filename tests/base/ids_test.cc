#include "server/base/ids.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "server/base/sha256.h"

namespace callbridge::base {
namespace {

Time At(std::int64_t millis) { return Time(std::chrono::milliseconds(millis)); }

TEST(SessionId, IsAUlidWithAPrefix) {
  std::array<std::uint8_t, kSessionIdTailBytes> tail{};
  // The example of the ULID specification: 1469918176385 is 01ARYZ6S41.
  EXPECT_EQ(MakeSessionId(At(1469918176385), tail), "s_01ARYZ6S410000000000000000");
  tail.fill(0xFF);
  EXPECT_EQ(MakeSessionId(At(1469918176385), tail), "s_01ARYZ6S41ZZZZZZZZZZZZZZZZ");
  tail.fill(0);
  tail.back() = 33;
  EXPECT_EQ(MakeSessionId(At(0), tail), "s_00000000000000000000000011");
}

TEST(SessionId, SortsByTimeOfBirth) {
  SeededRandomBits random_bits(1);
  EXPECT_LT(MakeSessionId(At(1000), random_bits), MakeSessionId(At(1001), random_bits));
}

TEST(SessionId, FollowsFromItsDigest) {
  const auto digest = Sha256("call-1");
  const auto tail = std::span(digest).first<kSessionIdTailBytes>();
  EXPECT_EQ(MakeSessionId(At(5), tail), MakeSessionId(At(5) + std::chrono::microseconds(7), tail));
}

TEST(SessionId, NamesItsTimeOfBirth) {
  SeededRandomBits random_bits(1);
  for (const std::int64_t millis : {0L, 1L, 1469918176385L, 9'000'000'000'000L}) {
    EXPECT_EQ(BirthOf(MakeSessionId(At(millis), random_bits)), At(millis));
  }
  EXPECT_EQ(BirthOf("s_01ARYZ6S41000000000000000"), std::nullopt);
  EXPECT_EQ(BirthOf("s_7ZZZZZZZZZ0000000000000000"), std::nullopt) << "in the year 10889";
}

TEST(SessionId, IsRecognised) {
  SystemRandomBits random_bits;
  EXPECT_TRUE(IsSessionId(MakeSessionId(At(1469918176385), random_bits)));
  EXPECT_FALSE(IsSessionId("s_01ARYZ6S41000000000000000"));
  EXPECT_FALSE(IsSessionId("s_01ARYZ6S41000000000000000U"));
  EXPECT_FALSE(IsSessionId("s_81ARYZ6S410000000000000000"));
  EXPECT_FALSE(IsSessionId("x_01ARYZ6S410000000000000000"));
}

TEST(RandomBits, OfTheSystemDoNotRepeat) {
  SystemRandomBits random_bits;
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(MakeSessionId(At(1), random_bits));
  EXPECT_EQ(ids.size(), 1000U);
}

TEST(RandomBits, OfTheSystemFillMoreThanOneRequestOfTheKernel) {
  SystemRandomBits random_bits;
  std::array<std::uint8_t, 600> bytes{};
  random_bits.Fill(bytes);
  EXPECT_FALSE(std::all_of(bytes.begin() + 512, bytes.end(), [](auto byte) { return byte == 0; }));
}

TEST(RandomBits, OfOneSeedRepeat) {
  SeededRandomBits first(42);
  SeededRandomBits second(42);
  EXPECT_EQ(MakeSessionId(At(1), first), MakeSessionId(At(1), second));
}

TEST(Sha256, HashesTheStandardsExample) {
  const auto digest = Sha256("abc");
  EXPECT_EQ(digest[0], 0xBA);
  EXPECT_EQ(digest[1], 0x78);
  EXPECT_EQ(digest[31], 0xAD);
}

}  // namespace
}  // namespace callbridge::base
