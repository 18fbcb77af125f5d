// What the ingress keeps of the keys that a person pressed.
#include <gtest/gtest.h>

#include <string>

#include "webhook/translate.h"

namespace callbridge::webhook {
namespace {

using internal::v1::ProviderEvent;

// marks: more entries of customData.
ProviderEvent::Captured Captured(const std::string& keys, const std::string& marks) {
  const auto items =
      Translate(R"({"type":"DTMF_CAPTURED","callId":"c1","timestamp":"2026-01-15T12:00:00Z",)"
                R"("properties":{"dtmf":")" +
                    keys + R"(","timeout":true,"customData":{"media":"7")" + marks + "}}}",
                base::Time{});
  EXPECT_TRUE(items.ok() && items->size() == 1);
  return items->front().event().captured();
}

// Keys may be a PIN: they are dropped unless our own mark of the capture says that they are kept.
TEST(Keys, AreDroppedUnlessTheyAreMarked) {
  const ProviderEvent::Captured dropped = Captured("12#", "");
  EXPECT_EQ(dropped.digits(), "");
  EXPECT_EQ(dropped.digit_count(), 3);
  EXPECT_TRUE(dropped.timed_out());
  EXPECT_EQ(Captured("12#", R"(,"keep":"0")").digits(), "");
  const ProviderEvent::Captured kept = Captured("12#", R"(,"keep":"1")");
  EXPECT_EQ(kept.digits(), "12#");
  EXPECT_EQ(kept.digit_count(), 3);
  // What is no key is left out, and more than a capture takes is cut.
  EXPECT_EQ(Captured("1x\u00e9 2", R"(,"keep":"1")").digits(), "12");
  EXPECT_EQ(Captured(std::string(70, '9'), R"(,"keep":"1")").digits(), std::string(64, '9'));
}

}  // namespace
}  // namespace callbridge::webhook
