#include "webhook/grpc_log.h"

#include <gmock/gmock.h>
#include <grpc/support/log.h>
#include <gtest/gtest.h>

#include "server/base/log.h"

namespace callbridge::webhook {
namespace {

TEST(TakeGrpcLog, MakesOneLineOfOursOfWhatGrpcRepeats) {
  TakeGrpcLog();
  // As gRPC does itself when its first part is made; until then it says nothing at all.
  gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
  base::LogCapture capture;
  for (int i = 0; i < 100; ++i) gpr_log(GPR_ERROR, "handshake failed with %s", "+447700900456");
  ASSERT_FALSE(capture.Lines().empty());
  // A second may end in between.
  EXPECT_LE(capture.Lines().size(), 3U);
  EXPECT_THAT(
      capture.Lines().front(),
      testing::AllOf(testing::HasSubstr(R"("event":"grpc_says","reason":"grpc_log_test.cc:)"),
                     testing::HasSubstr("handshake failed with"),
                     testing::Not(testing::HasSubstr("7700900"))));
}

}  // namespace
}  // namespace callbridge::webhook
