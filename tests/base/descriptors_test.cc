#include "server/base/descriptors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstddef>

#include "server/base/ingress_limits.h"
#include "server/base/limits.h"
#include "server/base/log.h"

namespace callbridge::base {
namespace {

// Puts the process's limits back.
class Descriptors : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before_), 0); }
  void TearDown() override { ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before_), 0); }
  void SetSoftLimit(rlim_t limit) const {
    rlimit limits = before_;
    limits.rlim_cur = limit;
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limits), 0);
  }

  rlimit before_{};
};

TEST_F(Descriptors, AreRaisedToTheHardLimit) {
  SetSoftLimit(512);
  EXPECT_EQ(DescriptorLimit(), 512U);
  RaiseDescriptorLimit();
  EXPECT_EQ(DescriptorLimit(), before_.rlim_max);
}

TEST_F(Descriptors, AreSharedSoThatEveryPartHasSomeAtEveryLimit) {
  DescriptorShares last;
  for (std::size_t limit = 4; limit <= 2 * kWebhookConnectionsMax + 1'000; ++limit) {
    const DescriptorShares shares = ShareDescriptors(limit);
    const std::size_t left = limit - shares.webhook_connections - shares.provider_transfers;
    ASSERT_GE(shares.webhook_connections, 1U);
    ASSERT_GE(shares.provider_transfers, 1U);
    ASSERT_GE(left, limit / 4) << limit;
    ASSERT_LE(left, limit);
    ASSERT_GE(shares.webhook_connections, last.webhook_connections) << limit;
    ASSERT_GE(shares.provider_transfers, last.provider_transfers) << limit;
    last = shares;
  }
  EXPECT_EQ(last.webhook_connections, kWebhookConnectionsMax);
  EXPECT_EQ(last.provider_transfers, kProviderTransfersMax);
}

TEST_F(Descriptors, AreWarnedOfOnlyWhereTheConstantsDoNotFit) {
  SetSoftLimit(1'024);
  {
    LogCapture capture;
    MaybeWarnOfFewDescriptors();
    EXPECT_THAT(capture.Lines(),
                testing::ElementsAre(testing::HasSubstr(
                    R"("event":"descriptors_few","limit":1024,"webhook_connections":512,)"
                    R"("provider_requests":256)")));
  }
  if (before_.rlim_max < 4'000) return;
  SetSoftLimit(4'000);
  LogCapture capture;
  MaybeWarnOfFewDescriptors();
  EXPECT_THAT(capture.Lines(), testing::IsEmpty());
}

}  // namespace
}  // namespace callbridge::base
