// The rules of the reader, each over every field that the settings have.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "server/base/rule.h"
#include "server/settings/findings.h"
#include "server/settings/load.h"
#include "server/settings/print.h"
#include "server/settings/yaml_reader.h"
#include "tests/settings/places.h"
#include "tests/settings/settings_text.h"

namespace callbridge::settings {
namespace {

using config::v1::Settings;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::util::MessageDifferencer;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct WrongText {
  std::string text;
  std::string description;
};

std::vector<WrongText> WrongTextsOfType(const Place& place) {
  const std::string not_a_duration = "is not a duration; write \"8s\"";
  if (place.IsDuration()) {
    return {{"soon", not_a_duration}, {"8", not_a_duration},   {"-1s", not_a_duration},
            {"1d", not_a_duration},   {"8 s", not_a_duration}, {"88000h", not_a_duration}};
  }
  const bool zero_is_absent = !place.field->has_presence();
  std::vector<WrongText> wrong;
  switch (place.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      wrong = {{"many", "not a whole number"},
               {"1.5", "not a whole number"},
               {"2147483648", "not a whole number"},
               {"-2147483649", "not a whole number"}};
      if (zero_is_absent) wrong.push_back({"0", "must not be 0"});
      return wrong;
    case FieldDescriptor::CPPTYPE_INT64:
      wrong = {{"many", "not a whole number"},
               {"1.5", "not a whole number"},
               {"9223372036854775808", "not a whole number"},
               {"-9223372036854775809", "not a whole number"}};
      if (zero_is_absent) wrong.push_back({"0", "must not be 0"});
      return wrong;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      wrong = {
          {"fast", "is not a number"}, {".nan", "is not a number"}, {"inf", "is not a number"}};
      if (zero_is_absent) wrong.push_back({"0.0", "must not be 0"});
      return wrong;
    case FieldDescriptor::CPPTYPE_BOOL:
      return {{"yes", "is neither true nor false"}, {"1", "is neither true nor false"}};
    case FieldDescriptor::CPPTYPE_ENUM:
      return {{"none-of-these", "is not one of: "}, {"unspecified", "is not one of: "}};
    default:
      if (zero_is_absent && !place.is_item) return {{"\"\"", "must not be empty"}};
      return {};
  }
}

std::vector<WrongText> WrongTexts(const Place& place) {
  switch (place.kind) {
    case Place::Kind::kMessage: {
      std::vector<WrongText> wrong = {{"7", "must be a map of keys and values"},
                                      {"[7]", "must be a map of keys and values"}};
      if (place.field->message_type()->field_count() > 0) wrong.push_back({"~", "has no value"});
      return wrong;
    }
    case Place::Kind::kList:
      return {{"7", "must be a list"}, {"{a: b}", "must be a list"}, {"~", "must be a list"}};
    case Place::Kind::kMap:
      return {{"7", "must be a map of names and values"},
              {"[7]", "must be a map of names and values"},
              {"~", "must be a map of names and values"}};
    case Place::Kind::kScalar:
      break;
  }
  std::vector<WrongText> wrong = WrongTextsOfType(place);
  wrong.push_back({"{a: b}", "must be a single value"});
  wrong.push_back({"[7]", "must be a single value"});
  wrong.push_back({"~", "has no value"});
  return wrong;
}

std::vector<Problem> ProblemsOfReading(const std::string& yaml) {
  Settings settings;
  return ReadYaml(yaml, settings).problems;
}

void ExpectOneProblem(const std::string& yaml, const std::string& path, std::size_t column,
                      const std::string& description) {
  const std::vector<Problem> problems = ProblemsOfReading(yaml);
  ASSERT_THAT(problems, SizeIs(1)) << yaml;
  EXPECT_EQ(problems[0].path, path) << yaml;
  EXPECT_EQ(problems[0].position, (Position{1, static_cast<int>(column)})) << yaml;
  EXPECT_THAT(problems[0].description, HasSubstr(description)) << yaml;
}

TEST(EveryField, IsRefusedWithAValueOfAWrongKind) {
  // Fewer places would mean that the walk over the fields lost some.
  ASSERT_GE(AllPlaces().size(), 150U);
  for (const Place& place : AllPlaces()) {
    for (const WrongText& wrong : WrongTexts(place)) {
      ExpectOneProblem(place.With(wrong.text), place.path, place.column, wrong.description);
    }
  }
}

// The document itself and every message in it.
std::vector<Place> AllMessages() {
  std::vector<Place> messages(1);
  for (const Place& place : AllPlaces()) {
    if (place.kind == Place::Kind::kMessage) messages.push_back(place);
  }
  return messages;
}

const Descriptor& TypeOf(const Place& message) {
  return message.field == nullptr ? *Settings::descriptor() : *message.field->message_type();
}

std::string PathIn(const Place& message, const std::string& name) {
  return FieldPath(message.path, name);
}

// Any value that can be read.
std::string SomeText(const Place& place) {
  if (place.kind == Place::Kind::kScalar) return GoodTexts(place).front();
  return place.kind == Place::Kind::kList ? "[]" : "{}";
}

std::string SomeTextOf(const FieldDescriptor& field) {
  for (const Place& place : AllPlaces()) {
    if (place.field == &field && !place.is_item) return SomeText(place);
  }
  ADD_FAILURE() << field.full_name();
  return "";
}

TEST(EveryField, IsMeantByANameNearItAndNoOtherNameIsKnown) {
  for (const Place& message : AllMessages()) {
    const std::size_t column = message.before.size() + 2;
    ExpectOneProblem(message.With("{zz_qq_ww: 1}"), PathIn(message, "zz_qq_ww"), column,
                     "unknown key; known here: ");
    for (int i = 0; i < TypeOf(message).field_count(); ++i) {
      const std::string& name = TypeOf(message).field(i)->name();
      ExpectOneProblem(message.With("{" + name + "x: 1}"), PathIn(message, name + "x"), column,
                       "unknown key; did you mean \"" + name + "\"?");
    }
  }
}

TEST(EveryField, IsRefusedWhenItIsGivenTwice) {
  for (const Place& message : AllMessages()) {
    for (int i = 0; i < TypeOf(message).field_count(); ++i) {
      const std::string& name = TypeOf(message).field(i)->name();
      const std::string once = name + ": " + SomeTextOf(*TypeOf(message).field(i));
      ExpectOneProblem(message.With("{" + once + ", " + once + "}"), PathIn(message, name),
                       message.before.size() + once.size() + 4, "given twice, first in line 1");
    }
  }
}

TEST(EveryField, OfAOneofExcludesEachOtherInBothOrders) {
  int pairs = 0;
  for (const Place& message : AllMessages()) {
    const Descriptor& type = TypeOf(message);
    for (int i = 0; i < type.real_oneof_decl_count(); ++i) {
      const auto& oneof = *type.oneof_decl(i);
      for (int first = 0; first < oneof.field_count(); ++first) {
        for (int second = 0; second < oneof.field_count(); ++second) {
          if (first == second) continue;
          ++pairs;
          const std::string one =
              oneof.field(first)->name() + ": " + SomeTextOf(*oneof.field(first));
          const std::string& other = oneof.field(second)->name();
          ExpectOneProblem(message.With("{" + one + ", " + other + ": " +
                                        SomeTextOf(*oneof.field(second)) + "}"),
                           PathIn(message, other), message.before.size() + one.size() + 4,
                           "excludes \"" + oneof.field(first)->name() + "\"");
        }
      }
    }
  }
  EXPECT_GE(pairs, 20);
}

TEST(EveryField, IsReadAndPrintedAndReadBackAsTheSame) {
  for (const Place& place : AllPlaces()) {
    if (place.kind != Place::Kind::kScalar) continue;
    Settings without;
    const std::string holder = place.before.substr(0, place.before.find_last_of("{["));
    if (!holder.empty()) {
      // What holds the value alone, so that only the value makes the difference.
      const std::string closing = place.after.substr(place.after.find_first_of("}]") + 1);
      const bool in_list = place.before[holder.size()] == '[';
      ASSERT_THAT(ReadYaml(holder + (in_list ? "[]" : "{}") + closing, without).problems,
                  IsEmpty());
    }
    std::set<std::string> seen = {without.SerializeAsString()};
    for (const std::string& text : GoodTexts(place)) {
      Settings settings;
      ASSERT_THAT(ReadYaml(place.With(text), settings).problems, IsEmpty()) << place.With(text);
      EXPECT_TRUE(seen.insert(settings.SerializeAsString()).second)
          << place.path << ": " << text << " is read as another text is";
      const std::string printed = PrintYaml(settings);
      Settings again;
      EXPECT_THAT(ReadYaml(printed, again).problems, IsEmpty()) << printed;
      EXPECT_TRUE(MessageDifferencer::Equals(settings, again)) << place.path << "\n" << printed;
    }
  }
}

// Those that have a default and stand once in the file.
TEST(EveryDefault, GivesWayToWhatIsWrittenAndTouchesNothingElse) {
  const Settings good = MustParse(kGoodYaml);
  Settings least;
  ASSERT_THAT(ReadYaml(kGoodYaml, least).problems, IsEmpty());
  int written_values = 0;
  for (const Place& place : AllPlaces()) {
    const bool single = place.path.find_first_of("[") == std::string::npos &&
                        place.path.find(".k") == std::string::npos;
    // The signature's defaults depend on each other.
    if (!single || place.kind != Place::Kind::kScalar || place.path.starts_with("webhook.hmac")) {
      continue;
    }
    for (std::string text : GoodTexts(place)) {
      if (place.path == "dialing.default_number") text = "+442079460009";
      Settings written = least;
      ASSERT_THAT(ReadYaml(place.With(text), written).problems, IsEmpty());
      Settings expected = good;
      ASSERT_THAT(ReadYaml(place.With(text), expected).problems, IsEmpty());
      // Of a message that this value is the first of.
      base::FillDefaults(expected);
      if (place.path == "webhook.path") {
        expected.mutable_webhook()->set_receive_path(expected.webhook().path());
      }
      EXPECT_TRUE(MessageDifferencer::Equals(EffectiveSettings(written), expected))
          << place.path << ": " << text;
      ++written_values;
    }
  }
  EXPECT_GE(written_values, 300);
}

}  // namespace
}  // namespace callbridge::settings
