// The rules beside the fields, over every message that has some.
#include "server/base/rule.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "callbridge/config/v1/settings.pb.h"
#include "server/base/duration_text.h"
#include "server/base/field_text.h"

namespace callbridge::base {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;
using internal::v1::Timing;

void VisitTypes(const Descriptor& type, std::set<const Descriptor*>& seen) {
  if (!seen.insert(&type).second) return;
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->message_type() != nullptr) VisitTypes(*type.field(i)->message_type(), seen);
  }
}

void VisitFields(const std::function<void(const FieldDescriptor&)>& visit) {
  std::set<const Descriptor*> types;
  VisitTypes(*config::v1::Settings::descriptor(), types);
  for (const Descriptor* type : types) {
    for (int i = 0; i < type->field_count(); ++i) visit(*type->field(i));
  }
}

std::unique_ptr<Message> New(const Descriptor& type) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

TEST(EveryRule, HasADefaultAndARangeThatItsFieldCanHold) {
  int defaults = 0;
  int ranges = 0;
  VisitFields([&](const FieldDescriptor& field) {
    const rule::v1::Rule rule = RuleOf(field);
    for (const std::string& text : rule.default_()) {
      EXPECT_EQ(StoreField(text, *New(*field.containing_type()), field), "") << field.full_name();
      ++defaults;
    }
    EXPECT_EQ(rule.min().empty(), rule.max().empty()) << field.full_name();
    for (const std::string& text : {rule.min(), rule.max()}) {
      if (text.empty()) continue;
      EXPECT_EQ(StoreField(text, *New(*field.containing_type()), field), "") << field.full_name();
      ++ranges;
    }
    if (rule.longer_than().empty()) return;
    EXPECT_NE(field.containing_type()->FindFieldByName(rule.longer_than()), nullptr)
        << field.full_name();
  });
  EXPECT_GE(defaults, 50);
  EXPECT_GE(ranges, 80);
}

TEST(RuleOf, TakesTheMessagesWhereTheFieldsOwnSaysNothing) {
  const Descriptor& timing = *Timing::descriptor();
  EXPECT_EQ(RuleOf(*timing.FindFieldByName("offer")).max(), "20s");
  EXPECT_EQ(RuleOf(*timing.FindFieldByName("offer")).default_(0), "8s");
  EXPECT_EQ(RuleOf(*timing.FindFieldByName("absence")).max(), "10m");
  EXPECT_EQ(RuleOf(*timing.FindFieldByName("absence")).default_(0), "5s");
}

TEST(FillDefaults, SetsWhatIsAbsentAndTouchesNothingElse) {
  Timing timing;
  timing.mutable_offer()->set_seconds(3);
  timing.add_ending_looks()->set_seconds(1);
  FillDefaults(timing);
  EXPECT_EQ(FromProtoDuration(timing.offer()), std::chrono::seconds(3));
  EXPECT_EQ(timing.ending_looks_size(), 1);
  EXPECT_EQ(FromProtoDuration(timing.media_end()), std::chrono::milliseconds(1500));
  const Timing once = timing;
  FillDefaults(timing);
  EXPECT_TRUE(MessageDifferencer::Equals(timing, once));
}

TEST(FillDefaults, SetsEveryDeadline) {
  const Timing timing = Defaults<Timing>();
  const auto& reflection = *timing.GetReflection();
  for (int i = 0; i < Timing::descriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *Timing::descriptor()->field(i);
    EXPECT_TRUE(field.is_repeated() ? reflection.FieldSize(timing, &field) > 0
                                    : reflection.HasField(timing, &field))
        << field.name();
  }
}

TEST(FillDefaults, MakesMessagesThatMayBeLeftOutAndNoOthers) {
  config::v1::Settings settings;
  (*settings.mutable_accounts())["default"];
  settings.add_routes();
  FillDefaults(settings);
  EXPECT_EQ(settings.grpc().listen(), "127.0.0.1:50051");
  EXPECT_EQ(settings.accounts().at("default").rates().dial(), 6);
  EXPECT_TRUE(settings.has_dialing());
  EXPECT_FALSE(settings.has_store());
  EXPECT_FALSE(settings.grpc().has_tls());
  EXPECT_FALSE(settings.webhook().has_hmac());
  EXPECT_FALSE(settings.routes(0).has_plan());
}

}  // namespace
}  // namespace callbridge::base
