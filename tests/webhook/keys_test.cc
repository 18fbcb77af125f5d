// What the ingress keeps of the keys that a person pressed.
#include <gtest/gtest.h>

#include <string>
#include <utility>

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

// Of the capture of a notice only the key that refuses is kept.
TEST(Keys, OfANoticeAreDroppedButForTheRefusingOne) {
  constexpr char kMark[] = R"(,"refuse":"9")";
  EXPECT_EQ(Captured("9", kMark).digits(), "9");
  EXPECT_EQ(Captured("9", "").digits(), "") << "the mark is lost";
  for (const char* keys : {"8", "99", ""}) {
    EXPECT_EQ(Captured(keys, kMark).digits(), "") << keys;
  }
  EXPECT_EQ(Captured("8", kMark).digit_count(), 1);
}

TEST(Keys, ComeWithWhatWasHeardMeanwhile) {
  const auto heard = [](const std::string& prompt) {
    const auto items = Translate(
        R"({"type":"DTMF_CAPTURED","callId":"c1","properties":{"dtmf":"")" + prompt + "}}",
        base::Time{});
    EXPECT_TRUE(items.ok() && items->size() == 1);
    return items->front().event().captured();
  };
  const ProviderEvent::Captured whole =
      heard(R"(,"playedContentProperties":{"duration":1500,"playedCompletely":true})");
  EXPECT_TRUE(whole.prompt_completed());
  EXPECT_EQ(whole.prompt_duration().nanos(), 500'000'000);
  EXPECT_FALSE(
      heard(R"(,"playedContentProperties":{"playedCompletely":false})").prompt_completed());
  EXPECT_FALSE(heard(R"(,"playedContentProperties":{"duration":-1})").has_prompt_duration());
  EXPECT_FALSE(heard("").prompt_completed());
}

// Keys that a person presses while nobody captures any must not end the next capture.
TEST(Keys, ThatWereNotRequestedEndNoCapture) {
  for (const auto& [requested, type] : {std::pair{"true", ProviderEvent::TYPE_DTMF_CAPTURED},
                                        std::pair{"false", ProviderEvent::TYPE_OTHER}}) {
    const auto items = Translate(
        std::string(R"({"type":"DTMF_CAPTURED","callId":"c1","properties":{"dtmf":"1",)") +
            R"("captureRequested":)" + requested + "}}",
        base::Time{});
    ASSERT_TRUE(items.ok()) << items.status();
    EXPECT_EQ(items->front().event().type(), type);
    EXPECT_EQ(items->front().event().has_captured(), std::string(requested) == "true");
  }
}

}  // namespace
}  // namespace callbridge::webhook
