#include "client/cli/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "callbridge/v1/event.pb.h"

namespace callbridge::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::SessionEvent MakeOffer() {
  v1::SessionEvent event;
  event.set_session_id("s_01JD0000000000000000000000");
  v1::SessionOffered& offer = *event.mutable_session_offered();
  offer.mutable_caller()->mutable_phone()->set_number("+442079460000");
  offer.set_service_number("+442079469999");
  offer.set_caller_name("Alice Smith");
  offer.add_forwarded_from("+442079461111");
  return event;
}

TEST(ToJson, MasksNumbersAndNamesWhereverTheyStand) {
  const std::string json = ToJson(MakeOffer(), false);
  EXPECT_THAT(json, HasSubstr("\"+44********00\""));
  EXPECT_THAT(json, HasSubstr("\"+44********99\""));
  EXPECT_THAT(json, HasSubstr("\"+44********11\""));
  EXPECT_THAT(json, Not(HasSubstr("Alice")));
  EXPECT_THAT(json, HasSubstr("s_01JD0000000000000000000000"));
}

TEST(ToJson, ShowsThemWhenAskedInOneLine) {
  const std::string json = ToJson(MakeOffer(), true);
  EXPECT_THAT(json, HasSubstr("\"+442079460000\""));
  EXPECT_THAT(json, HasSubstr("Alice Smith"));
  EXPECT_THAT(json, Not(HasSubstr("\n")));
}

TEST(ToJson, MasksInsideRepeatedMessages) {
  v1::SessionEvent event;
  v1::Session& session = *event.mutable_session_ended()->mutable_session();
  session.add_legs()->mutable_endpoint()->mutable_sip()->set_username("alice");
  session.add_callees()->set_caller_id_number("+447700900456");
  const std::string json = ToJson(event, false);
  EXPECT_THAT(json, Not(HasSubstr("alice")));
  EXPECT_THAT(json, Not(HasSubstr("7700900456")));
}

}  // namespace
}  // namespace callbridge::cli
