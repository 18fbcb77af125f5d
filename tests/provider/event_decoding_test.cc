// What an event says of whose it is, in both flavours of an account (docs/provider.md §2), and for
// which request. Most of an event is tested where webhooks are translated
// (tests/webhook/translate_test.cc).
#include "server/provider/event_decoding.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace callbridge::provider {
namespace {

internal::v1::ProviderEvent Read(const std::string& json) {
  JsonDocument document;
  EXPECT_TRUE(document.Parse(json).ok()) << json;
  internal::v1::ProviderEvent event;
  EXPECT_TRUE(ReadEvent(document.object(), &event)) << json;
  return event;
}

std::string ConfigurationOf(const std::string& json) { return Read(json).calls_configuration_id(); }

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

// A failure names what the request gave otherwise than a start does (docs/provider.md §4.2).
TEST(ReadEvent, ReadsWhatTheRequestGaveOfARecordingThatFailed) {
  for (const std::string of : {"CALL", "CONFERENCE"}) {
    for (const auto& [type, member] : {std::pair("_RECORDING_STARTED", "customData"),
                                       std::pair("_RECORDING_FAILED", "recordingCustomData")}) {
      const auto event = Read(R"({"type":")" + of + type + R"(","properties":{")" + member +
                              R"(":{"recording":"1"}}})");
      ASSERT_EQ(event.recording().custom_data_size(), 1) << of << type;
      EXPECT_EQ(event.recording().custom_data(0).key(), "recording");
      EXPECT_EQ(event.recording().custom_data(0).value(), "1");
    }
  }
}

}  // namespace
}  // namespace callbridge::provider
