// What an event says of whose it is, in both flavours of an account (docs/provider.md §2). Most of
// an event is tested where webhooks are translated (tests/webhook/translate_test.cc).
#include "server/provider/event_decoding.h"

#include <gtest/gtest.h>

#include <string>

namespace callbridge::provider {
namespace {

std::string ConfigurationOf(const std::string& json) {
  JsonDocument document;
  EXPECT_TRUE(document.Parse(json).ok()) << json;
  internal::v1::ProviderEvent event;
  EXPECT_TRUE(ReadEvent(document.object(), &event)) << json;
  return event.calls_configuration_id();
}

TEST(ReadEvent, TakesTheApplicationOfAnOlderAccountForItsConfiguration) {
  for (const char* event :
       {R"({"type":"CALL_RECEIVED","callId":"c1","applicationId":"app"})",
        R"({"type":"CALL_RECEIVED","properties":{"call":{"id":"c1","applicationId":"app"}}})",
        R"({"type":"CALL_FAILED","properties":{"callLog":{"callId":"c1",)"
        R"("applicationIds":["old","app"]}}})",
        R"({"type":"CONFERENCE_CREATED","properties":{"conference":{"id":"f1",)"
        R"("applicationId":"app"}}})"}) {
    EXPECT_EQ(ConfigurationOf(event), "app") << event;
  }
}

TEST(ReadEvent, DoesNotTakeATagOfANewerAccountForIt) {
  EXPECT_EQ(ConfigurationOf(R"({"type":"CALL_RECEIVED","callId":"c1",)"
                            R"("callsConfigurationId":"cfg","applicationId":"tag",)"
                            R"("platform":{"applicationId":"tag"}})"),
            "cfg");
  EXPECT_EQ(ConfigurationOf(R"({"type":"CALL_RECEIVED","callId":"c1",)"
                            R"("platform":{"applicationId":"tag"}})"),
            "");
}

}  // namespace
}  // namespace callbridge::provider
