// Sessions as a page and as a line: everything that is known of them is there, and nothing that
// could drive a terminal.
#include "client/cli/session_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callbridge::cli {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

v1::Leg& AddLeg(v1::Session& session, const std::string& leg_id, v1::Leg::Role role,
                const std::string& number) {
  v1::Leg& leg = *session.add_legs();
  leg.set_leg_id(leg_id);
  leg.set_role(role);
  leg.mutable_endpoint()->mutable_phone()->set_number(number);
  return leg;
}

TEST(SessionPage, ShowsWhenALegEndedAndWhyAndHowThatIsKnown) {
  v1::Session session;
  session.set_session_id("s_1");
  session.set_state(v1::Session::STATE_ENDED);
  session.mutable_create_time()->set_seconds(0);
  session.mutable_connect_time()->set_seconds(20);
  session.mutable_end_time()->set_seconds(60);
  session.mutable_offer_expire_time()->set_seconds(8);
  (*session.mutable_labels())["team"] = "sup\033port";
  (*session.mutable_labels())["city"] = "Leeds";
  v1::Leg& callee = AddLeg(session, "callee-1", v1::Leg::ROLE_CALLEE, "+447700900456");
  callee.set_state(v1::Leg::STATE_ENDED);
  callee.set_service_number("+442079469999");
  callee.set_call_id("call-1");
  callee.set_muted(true);
  callee.set_deafened(true);
  callee.mutable_end()->set_reason(v1::END_REASON_BUSY);
  callee.mutable_end()->mutable_provider_error()->set_name("USER_BUSY");
  callee.mutable_end()->set_inferred(true);
  v1::Issue& issue = *session.add_issues();
  issue.set_kind(v1::Issue::KIND_HANGUP_PENDING);
  issue.set_summary("+447700900456 could not be hung up yet");
  const std::string page = SessionPage(session, false);
  EXPECT_THAT(page, HasSubstr("labels       city=Leeds team=sup?port\n"));
  EXPECT_THAT(page, HasSubstr("offered till 1970-01-01T00:00:08"));
  EXPECT_THAT(page, HasSubstr("connected    1970-01-01T00:00:20"));
  EXPECT_THAT(page, HasSubstr("ended        1970-01-01T00:01:00"));
  EXPECT_THAT(page, HasSubstr("ENDED     +44********56  over +44********99  muted  deafened  busy "
                              "[provider: USER_BUSY] (inferred)  call call-1\n"));
  EXPECT_THAT(page, HasSubstr("! issue      HANGUP_PENDING: "));
  EXPECT_THAT(page, Not(HasSubstr("7700900456")));
}

TEST(SessionPage, ShowsWhatProvesANotice) {
  v1::Session session;
  v1::NoticeEvidence& proved = *session.add_notices();
  proved.set_leg_id("caller");
  proved.set_result(v1::NoticeEvidence::RESULT_PROVED);
  v1::NoticeEvidence& unproved = *session.add_notices();
  unproved.set_leg_id("callee-1");
  unproved.set_result(v1::NoticeEvidence::RESULT_UNPROVED);
  unproved.set_attempt(2);
  const std::string page = SessionPage(session, false);
  EXPECT_THAT(page, HasSubstr("notice       the caller has heard the notice before recording\n"));
  EXPECT_THAT(page, HasSubstr("notice       callee-1 is not proved to have heard the notice before "
                              "recording (attempt 2)\n"));
}

TEST(ListLine, NamesTheCalleeThatAnsweredAndElseTheOneTriedLast) {
  v1::Session session;
  session.set_session_id("s_1");
  AddLeg(session, "caller", v1::Leg::ROLE_CALLER, "+442079460000");
  AddLeg(session, "callee-1", v1::Leg::ROLE_CALLEE, "+447700900001");
  v1::Leg& second = AddLeg(session, "callee-2", v1::Leg::ROLE_CALLEE, "+447700900002");
  EXPECT_THAT(ListLine(session, true), HasSubstr("+447700900002"));
  second.mutable_join_time()->set_seconds(1);
  AddLeg(session, "callee-3", v1::Leg::ROLE_CALLEE, "+447700900003");
  EXPECT_THAT(ListLine(session, true), HasSubstr("+447700900002"));
}

TEST(ListLine, ShowsADashForPartiesThatNobodyKnows) {
  v1::Session session;
  session.set_session_id("s_1");
  session.mutable_create_time()->set_seconds(0);
  EXPECT_THAT(ListLine(session, false), EndsWith("-                 -"));
}

TEST(ListLine, TellsWhyAndWhetherAPersonIsNeeded) {
  v1::Session session;
  session.add_issues();
  EXPECT_THAT(ListLine(session, false), EndsWith("! has issues"));
  session.mutable_outcome()->set_result(v1::Outcome::RESULT_CALLEE_UNREACHED);
  session.mutable_outcome()->set_reason(v1::END_REASON_NO_ANSWER);
  EXPECT_THAT(ListLine(session, false), EndsWith("CALLEE_UNREACHED (no answer) ! has issues"));
}

}  // namespace
}  // namespace callbridge::cli
