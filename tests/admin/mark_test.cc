#include "server/admin/mark.h"

#include <gtest/gtest.h>

namespace callbridge::admin {
namespace {

TEST(Mark, IsReadAsItWasWritten) {
  const Mark mark{"shop/default", "1a2b3c4d", "5e6f7081"};
  EXPECT_EQ(NameWith(mark), "Callbridge shop/default [setup 1a2b3c4d 5e6f7081]");
  const auto read = ParseMark(NameWith(mark));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->owner, "shop/default");
  EXPECT_EQ(read->digest, "1a2b3c4d");
  EXPECT_EQ(read->profile_digest, "5e6f7081");
  EXPECT_EQ(ParseMark("Callbridge shop/default [setup 1a2b3c4d]")->profile_digest, "");
}

TEST(Mark, IsNoOtherName) {
  for (const char* name :
       {"", "Callbridge shop/default", "Bridge [setup 1a2b3c4d]", "Callbridge x [setup 1a2b3c4d",
        "Callbridge x [setup 1a2b3c4d 5e6f70]", "Callbridge x [setup 1a2b3c4d 5e6f7081 9]"}) {
    EXPECT_FALSE(ParseMark(name).has_value()) << name;
  }
}

TEST(Mark, ChangesWithEverythingThatSetupManages) {
  Profile profile;
  profile.id = "p";
  profile.url = "https://hooks.example.com";
  const std::string digest = DigestOf(profile);
  Profile tuned = profile;
  tuned.tuning["windowSize"] = 100;
  EXPECT_EQ(DigestOf(tuned), digest);
  Profile moved = profile;
  moved.url = "https://other.example.com";
  EXPECT_NE(DigestOf(moved), digest);
  Profile guarded = profile;
  guarded.headers["X-Edge"] = "token";
  EXPECT_NE(DigestOf(guarded), digest);

  Subscription subscription;
  subscription.events = {"ERROR"};
  Subscription narrowed = subscription;
  narrowed.other_filters["resources"] = {"442079460001"};
  EXPECT_NE(DigestOf(narrowed), DigestOf(subscription));
}

}  // namespace
}  // namespace callbridge::admin
