#include "server/admin/fingerprint.h"

#include <gtest/gtest.h>

namespace callbridge::admin {
namespace {

TEST(Fingerprint, IsTheSameForTheSameSecretOfOneDeployment) {
  const std::string print = Fingerprint("a secret", "callbridge-shop-default");
  EXPECT_EQ(print.size(), 8u);
  EXPECT_EQ(Fingerprint("a secret", "callbridge-shop-default"), print);
  EXPECT_NE(Fingerprint("a secret.", "callbridge-shop-default"), print);
  EXPECT_NE(Fingerprint("a secret", "callbridge-shop-other"), print);
}

// The ids of security settings depend on it: another value would make all of them new.
TEST(Fingerprint, NeverChanges) {
  EXPECT_EQ(Fingerprint("secret", "salt"), "3fa09421");
  EXPECT_EQ(Digest("text"), "982d9e3e");
}

}  // namespace
}  // namespace callbridge::admin
