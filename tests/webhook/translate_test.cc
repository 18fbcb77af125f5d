#include "webhook/translate.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "server/base/ingress_limits.h"
#include "server/base/limits.h"
#include "server/base/sha256.h"
#include "tests/rewrites.h"

namespace callbridge::webhook {
namespace {

using internal::v1::CallFacts;
using internal::v1::InboxItem;
using internal::v1::ParticipantFacts;
using internal::v1::ProviderEvent;
using testing::ElementsAre;
using testing::HasSubstr;

const base::Time kNow = base::Time(std::chrono::seconds(1'768'478'400));

std::vector<InboxItem> Items(const std::string& body) {
  auto items = Translate(body, kNow);
  EXPECT_TRUE(items.ok()) << items.status();
  return *std::move(items);
}

ProviderEvent Event(const std::string& body) {
  const std::vector<InboxItem> items = Items(body);
  EXPECT_EQ(items.size(), 1u);
  EXPECT_TRUE(items[0].has_event()) << items[0].quarantined().error();
  return items[0].event();
}

std::string ReadExample(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.good()) << path;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::vector<std::filesystem::path> Examples() {
  std::set<std::filesystem::path> examples;
  const std::filesystem::path folder =
      std::filesystem::path(CALLBRIDGE_SOURCE_DIR) / "tests/webhook/events";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") examples.insert(entry.path());
  }
  return {examples.begin(), examples.end()};
}

// docs/provider.md §4.2, each beside what it becomes. CALLBRIDGE_REWRITE=1 writes the expectations
// anew.
TEST(Translate, ReadsEveryExampleOfTheReference) {
  const std::vector<std::filesystem::path> examples = Examples();
  ASSERT_EQ(examples.size(), 23u);
  for (const std::filesystem::path& example : examples) {
    SCOPED_TRACE(example.filename());
    const ProviderEvent event = Event(ReadExample(example));
    std::filesystem::path expectation = example;
    expectation.replace_extension(".txtpb");
    if (RewritesGoldens()) {
      std::string text;
      ASSERT_TRUE(google::protobuf::TextFormat::PrintToString(event, &text));
      std::ofstream(expectation) << text;
    }
    ProviderEvent expected;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(ReadExample(expectation), &expected));
    std::string difference;
    google::protobuf::util::MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&difference);
    EXPECT_TRUE(differencer.Compare(expected, event)) << difference;
  }
}

TEST(Translate, KeepsIdsAndTimeOfEveryTypeAndNamesTheOnesItDoesNotUse) {
  const std::vector<std::string> unused = {"CALL_MEDIA_CHANGED",
                                           "CALL_RECORDING_DELETED",
                                           "CONFERENCE_RECORDING_DELETED",
                                           "PARTICIPANT_RECORDING_FAILED",
                                           "PARTICIPANT_STARTED_TALKING",
                                           "PARTICIPANT_STOPPED_TALKING",
                                           "PARTICIPANT_ROLE_CHANGED",
                                           "PARTICIPANT_ROLE_CHANGE_FAILED",
                                           "MACHINE_DETECTION_FINISHED",
                                           "MACHINE_DETECTION_FAILED",
                                           "MACHINE_MESSAGE_DETECTION_FINISHED",
                                           "MACHINE_MESSAGE_DETECTION_FAILED",
                                           "MEDIA_STREAM_STARTED",
                                           "MEDIA_STREAM_FAILED",
                                           "MEDIA_STREAM_FINISHED",
                                           "APPLICATION_TRANSFER_REQUESTED",
                                           "APPLICATION_TRANSFER_FAILED",
                                           "APPLICATION_TRANSFER_FINISHED",
                                           "DIALOG_CREATED",
                                           "DIALOG_ESTABLISHED",
                                           "DIALOG_FAILED",
                                           "DIALOG_FINISHED",
                                           "DIALOG_RECORDING_STARTED",
                                           "DIALOG_RECORDING_FAILED",
                                           "DIALOG_RECORDING_READY",
                                           "DIALOG_RECORDING_STOPPED",
                                           "DIALOG_RECORDING_DELETED",
                                           "DIALOG_COMPOSITION_FAILED",
                                           "DIALOG_COMPOSITION_FINISHED",
                                           "DIALOG_TRANSFER_REQUESTED",
                                           "DIALOG_TRANSFER_FAILED",
                                           "DIALOG_TRANSFER_FINISHED",
                                           "TRANSCRIPTION",
                                           "SPEECH_CAPTURED",
                                           "BULK_CALL_STATUS",
                                           "A_TYPE_OF_NEXT_YEAR"};
  for (const std::string& type : unused) {
    const ProviderEvent event =
        Event("{\"type\":\"" + type +
              R"(","callId":"c1","conferenceId":"f1","timestamp":"2026-01-15T12:00:00Z",)"
              R"("callsConfigurationId":"cfg","properties":{"something":["new",1]}})");
    EXPECT_EQ(event.type(), ProviderEvent::TYPE_OTHER) << type;
    EXPECT_EQ(event.type_name(), type);
    EXPECT_EQ(event.call_id(), "c1");
    EXPECT_EQ(event.conference_id(), "f1");
    EXPECT_EQ(event.calls_configuration_id(), "cfg");
    EXPECT_EQ(event.occur_time().seconds(), 1'768'478'400);
  }
}

TEST(Translate, TakesFromTheTypeWhatASparseEventDoesNotSay) {
  struct Case {
    const char* type;
    CallFacts::State state;
  };
  for (const Case& c :
       {Case{"CALL_STARTED", CallFacts::STATE_CALLING},
        Case{"CALL_RINGING", CallFacts::STATE_RINGING},
        Case{"CALL_PRE_ESTABLISHED", CallFacts::STATE_PRE_ESTABLISHED},
        Case{"CALL_ESTABLISHED", CallFacts::STATE_ESTABLISHED},
        Case{"CALL_FINISHED", CallFacts::STATE_ENDED}, Case{"CALL_FAILED", CallFacts::STATE_ENDED},
        Case{"CALL_RECEIVED", CallFacts::STATE_UNSPECIFIED}}) {
    const ProviderEvent event =
        Event(std::string("{\"type\":\"") + c.type +
              R"(","callId":"c1","conferenceId":"f1","properties":{"sender":"x"}})");
    EXPECT_EQ(event.call().state(), c.state) << c.type;
    EXPECT_EQ(event.call().call_id(), "c1");
    EXPECT_EQ(event.call().conference_id(), "f1");
  }
  const ProviderEvent removed =
      Event(R"({"type":"PARTICIPANT_REMOVED","callId":"c1","conferenceId":"f1"})");
  EXPECT_EQ(removed.participant().state(), ParticipantFacts::STATE_LEFT);
  EXPECT_EQ(removed.participant().call_id(), "c1");
}

TEST(Translate, TreatsAFinishedCallAsEndedWhateverItsLogSays) {
  const ProviderEvent event =
      Event(R"({"type":"CALL_FAILED","properties":{"callLog":{"callId":"c1","state":"RINGING",)"
            R"("conferenceIds":["f1",null,"f2"],"callsConfigurationIds":["old","cfg"]}}})");
  EXPECT_EQ(event.call().state(), CallFacts::STATE_ENDED);
  EXPECT_EQ(event.call_id(), "c1");
  EXPECT_EQ(event.conference_id(), "f2");
  EXPECT_EQ(event.calls_configuration_id(), "cfg");
}

TEST(Translate, PrefersTheParticipantsCallToTheEventsOwn) {
  const ProviderEvent event =
      Event(R"({"type":"PARTICIPANT_JOINED","callId":"other","conferenceId":"f1",)"
            R"("properties":{"participant":{"callId":"c1","state":"JOINED"}}})");
  EXPECT_EQ(event.call_id(), "c1");
  EXPECT_EQ(event.participant().call_id(), "c1");
}

TEST(Translate, TreatsNullAndWrongKindsAsNotSaid) {
  const ProviderEvent event =
      Event(R"({"type":"CALL_ESTABLISHED","callId":null,"conferenceId":["f1"],"timestamp":null,)"
            R"("properties":{"call":{"id":"c1","endpoint":null,"from":null,"to":447700900456,)"
            R"("direction":7,"state":null,"startTime":"yesterday","customData":null},)"
            R"("apiBaseUrl":null,"forwardedFrom":{}}})");
  EXPECT_EQ(event.call_id(), "c1");
  EXPECT_EQ(event.conference_id(), "");
  EXPECT_FALSE(event.has_occur_time());
  EXPECT_FALSE(event.call().has_endpoint());
  EXPECT_EQ(event.call().to(), "447700900456");
  EXPECT_EQ(event.call().direction(), CallFacts::DIRECTION_UNSPECIFIED);
  EXPECT_EQ(event.call().state(), CallFacts::STATE_ESTABLISHED);
  EXPECT_FALSE(event.call().has_start_time());
  EXPECT_TRUE(Event(R"({"type":"CALL_FINISHED","callId":"c1","properties":null})").has_call());
}

TEST(Translate, WritesCustomDataSortedAndAsText) {
  const ProviderEvent event =
      Event(R"({"type":"SAY_FINISHED","callId":"c1","properties":{"duration":1500,)"
            R"("playedCompletely":true,"customData":{"session":"s_1","media":7,"a":true,)"
            R"("n":null,"o":{"x":[1, "y"]},"u":"\u00e9"}}})");
  std::vector<std::string> entries;
  for (const auto& entry : event.playback().custom_data()) {
    entries.push_back(entry.key() + "=" + entry.value());
  }
  EXPECT_THAT(entries,
              ElementsAre("a=true", "media=7", R"(o={"x":[1,"y"]})", "session=s_1", "u=\xC3\xA9"));
  EXPECT_TRUE(event.playback().completed());
  EXPECT_EQ(event.playback().duration().seconds(), 1);
  EXPECT_EQ(event.playback().duration().nanos(), 500'000'000);
}

TEST(Translate, ReadsEveryKindOfEndpoint) {
  const std::string head = R"({"type":"CALL_STARTED","properties":{"call":{"id":"c1","endpoint":)";
  EXPECT_EQ(Event(head + R"({"type":"PHONE","phoneNumber":"+447700900456"}}}})")
                .call()
                .endpoint()
                .phone()
                .number(),
            "447700900456");
  const auto sip = Event(head + R"({"type":"SIP","username":"ann","sipTrunkId":"t1"}}}})");
  EXPECT_EQ(sip.call().endpoint().sip().username(), "ann");
  EXPECT_EQ(sip.call().endpoint().sip().trunk_id(), "t1");
  const auto webrtc = Event(head + R"({"type":"WEBRTC","identity":"bob","displayName":"B"}}}})");
  EXPECT_EQ(webrtc.call().endpoint().webrtc().identity(), "bob");
  EXPECT_EQ(webrtc.call().endpoint().webrtc().display_name(), "B");
  EXPECT_FALSE(Event(head + R"({"type":"VIBER","phoneNumber":"1"}}}})").call().has_endpoint());
}

TEST(Translate, ReadsAnErrorCodeAsWordOrObjectAndMasksNumbersInTexts) {
  const ProviderEvent word =
      Event(R"({"type":"ERROR","callId":"c1","properties":{"actionType":"SAY",)"
            R"("errorCode":"VOICE_UNKNOWN","errorDetails":"for 447700900456, try 48613 or 404"}})");
  EXPECT_EQ(word.action_type(), "SAY");
  EXPECT_EQ(word.error().name(), "VOICE_UNKNOWN");
  EXPECT_THAT(word.error().description(), testing::Not(HasSubstr("7700900")));
  EXPECT_THAT(word.error().description(), testing::Not(HasSubstr("48613")));
  EXPECT_THAT(word.error().description(), HasSubstr("404"));
  const ProviderEvent object = Event(
      R"({"type":"CONFERENCE_FINISHED","conferenceId":"f1","properties":{"errorCode":)"
      R"({"id":10309,"name":"SERVICE_UNAVAILABLE","description":"+44 7700 900456 is gone"}}})");
  EXPECT_TRUE(object.conference().finished());
  EXPECT_EQ(object.conference().error().code(), 10309);
  EXPECT_EQ(object.conference().error().name(), "SERVICE_UNAVAILABLE");
  EXPECT_THAT(object.conference().error().description(), testing::Not(HasSubstr("900456")));
}

TEST(Translate, TakesAnArrayAndKeepsWhatIsGoodBesideWhatIsNot) {
  const std::string one =
      R"({"type":"CALL_RINGING","callId":"a","timestamp":"2026-01-15T12:00:00Z"})";
  const std::string two = R"({"type":"X","text":"],[{\"\\","deep":[[{}]]})";
  const std::vector<InboxItem> items =
      Items(" [\n" + one + " , " + two + ",17,{\"type\":5.5},{\"type\":\"\xFF\"}]\r\n");
  ASSERT_EQ(items.size(), 5u);
  EXPECT_EQ(items[0].event().call_id(), "a");
  EXPECT_EQ(items[1].event().type_name(), "X");
  EXPECT_EQ(items[2].quarantined().body(), "17");
  EXPECT_THAT(items[2].quarantined().error(), HasSubstr("not an object"));
  EXPECT_THAT(items[3].quarantined().error(), HasSubstr("no type"));
  EXPECT_THAT(items[4].quarantined().error(), HasSubstr("its type is not text"));
  EXPECT_EQ(base::FromTimestamp(items[4].quarantined().receive_time()), kNow);
  EXPECT_TRUE(Items("[ ]").empty());
}

TEST(Translate, SetsAsideWhatIsNoJson) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  for (const std::string& body :
       {std::string(), std::string("  "), std::string("{"), std::string("[{\"type\":\"X\"}"),
        std::string("[1] 2"), std::string("{\"type\":\"\xC3\x28\"}"), std::string("\0\0", 2),
        std::string("type=X"), std::string("[\"abc"), deep,
        "{\"type\":\"X\",\"a\":" + deep + "}"}) {
    const std::vector<InboxItem> items = Items(body);
    ASSERT_EQ(items.size(), 1u) << body.substr(0, 40);
    EXPECT_TRUE(items[0].has_quarantined()) << body.substr(0, 40);
    EXPECT_EQ(items[0].dedupe_key(), "");
    EXPECT_FALSE(items[0].quarantined().error().empty());
  }
}

TEST(Translate, KeepsAtMost64KiBOfAnUnreadableBody) {
  const std::vector<InboxItem> items = Items(std::string(200'000, 'x'));
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].quarantined().body().size(), base::kQuarantineBodyBytesMax);
}

TEST(Translate, RefusesAnArrayThatNoHandOverTakes) {
  std::string body = "[1";
  for (int i = 1; i < base::kInboxBatchMax; ++i) body += ",1";
  EXPECT_EQ(Items(body + "]").size(), static_cast<std::size_t>(base::kInboxBatchMax));
  EXPECT_EQ(Translate(body + ",1]", kNow).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Translate, DerivesTheDedupeKeyFromAnElementsBytes) {
  const std::string one =
      R"({"type":"CALL_RINGING","callId":"a","timestamp":"2026-01-15T12:00:00Z"})";
  const auto digest = base::Sha256(one);
  const std::string key(reinterpret_cast<const char*>(digest.data()), 16);
  EXPECT_EQ(Items(one)[0].dedupe_key(), key);
  EXPECT_EQ(Items("\n" + one + "\n")[0].dedupe_key(), key);
  EXPECT_EQ(Items("[" + one + ", " + one + "]")[1].dedupe_key(), key);
  EXPECT_NE(Items(R"({"type":"CALL_STARTED","callId":"a","timestamp":"2026-01-15T12:00:00Z"})")[0]
                .dedupe_key(),
            key);
  EXPECT_EQ(Items(R"({"type":"CALL_RINGING","callId":"a"})")[0].dedupe_key(), "");
  EXPECT_EQ(Items(R"({"type":"CALL_RINGING","timestamp":"soon"})")[0].dedupe_key(), "");
}

// Cases 17 and 18 of the reports. What some network cut off spoils the text that it was in, and the
// call is answered.
TEST(Translate, SpoilsOnlyTheTextThatIsBad) {
  const auto event = [](const std::string& bad) {
    return R"({"type":"CALL_RECEIVED","callId":"c1","timestamp":"2026-01-15T12:00:00Z",)"
           R"("properties":{"resolvedCnam":"JANE )" +
           bad + R"(","call":{"id":"c1","from":"447700900123","to":"442079460001","customData":)" +
           R"({"note":")" + bad + R"(","deep":{"a":[")" + bad + R"("]},")" + bad + R"(":"x"}}}})";
  };
  for (const std::string& bad :
       {std::string(R"(\udc00)"), std::string(R"(\ud83d)"), std::string(R"(\ud83dx)"),
        std::string(R"(\ud83d\u0041)"), std::string("\xED\xB0\x80"), std::string("\xFF"),
        std::string("\xC3"), std::string(R"(\x)"), std::string(R"(\u12G4)"), std::string("\x01"),
        std::string("\n"), std::string(1, '\0'), std::string(R"(\u0000)")}) {
    const std::vector<InboxItem> items = Items(event(bad));
    ASSERT_EQ(items.size(), 1u);
    ASSERT_TRUE(items[0].has_event()) << items[0].quarantined().error() << bad;
    const ProviderEvent& read = items[0].event();
    EXPECT_EQ(read.type(), ProviderEvent::TYPE_CALL_RECEIVED);
    EXPECT_EQ(read.call().from(), "447700900123");
    EXPECT_EQ(read.call().to(), "442079460001");
    EXPECT_TRUE(read.call().caller_name().starts_with("JANE \xEF\xBF\xBD"))
        << read.call().caller_name();
    EXPECT_EQ(read.call().custom_data_size(), 3);
    // It can be stored and read again: no text in it is refused by protobuf.
    ProviderEvent again;
    EXPECT_TRUE(again.ParseFromString(read.SerializeAsString())) << bad;
    EXPECT_EQ(read.call().caller_name().find('\0'), std::string::npos);
    // Of the bytes as they came.
    EXPECT_EQ(items[0].dedupe_key(), Items(event(bad))[0].dedupe_key());
    EXPECT_NE(items[0].dedupe_key(), Items(event("?"))[0].dedupe_key());
  }
  EXPECT_EQ(Event(event(R"(\ud83d\ude00)")).call().caller_name(), "JANE \xF0\x9F\x98\x80");
  // A number that nothing holds is not said.
  EXPECT_EQ(Event(R"({"type":"CALL_RINGING","callId":"c1","properties":{"call":{"id":"c1",)"
                  R"("to":123456789012345678901234567890,"from":"44"}}})")
                .call()
                .from(),
            "44");
}

TEST(Translate, IgnoresAByteOrderMark) {
  const std::string mark = "\xEF\xBB\xBF";
  const std::string one =
      R"({"type":"CALL_RINGING","callId":"a","timestamp":"2026-01-15T12:00:00Z"})";
  EXPECT_EQ(Event(mark + one).call_id(), "a");
  EXPECT_EQ(Event(mark + "\r\n" + one + "\n").call_id(), "a");
  EXPECT_EQ(Items(mark + "[" + one + "," + one + "]").size(), 2u);
  EXPECT_EQ(Items(mark + one)[0].dedupe_key(), Items(one)[0].dedupe_key());
  // What cannot be read is kept as it came.
  EXPECT_EQ(Items(mark + "[1")[0].quarantined().body(), mark + "[1");
  EXPECT_TRUE(Items(mark)[0].has_quarantined());
  EXPECT_TRUE(Items(mark + mark + one)[0].has_quarantined());
}

// customData is whatever anybody set: of another kind, it is not said, and the call is taken.
TEST(Translate, TakesACallWhateverItsCustomDataIs) {
  for (const char* custom_data :
       {"null", "17", "true", "\"text\"", "[]", "[{\"a\":1}]", "{}", "{\"\":\"\"}", "{\"a\":null}",
        "{\"a\":1e400}", "{\"a\":{\"b\":{\"c\":[[[]]]}}}", "{\"a\":\"1\",\"a\":\"2\"}",
        "{\"service\":7,\"session\":{}}"}) {
    const ProviderEvent event =
        Event(std::string(R"({"type":"CALL_RECEIVED","properties":{"customData":)") + custom_data +
              R"(,"call":{"id":"c1","to":"442079460001","customData":)" + custom_data + "}}}");
    EXPECT_EQ(event.call_id(), "c1") << custom_data;
    EXPECT_EQ(event.call().to(), "442079460001") << custom_data;
  }
}

}  // namespace
}  // namespace callbridge::webhook
