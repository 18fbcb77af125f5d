#include "server/settings/routes.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/base/time.h"
#include "server/settings/dialing_rules.h"
#include "tests/settings/settings_text.h"

namespace callbridge::settings {
namespace {

using config::v1::Settings;
using internal::v1::CallFacts;
using internal::v1::IncomingCall;
using internal::v1::ProviderEvent;

ProviderEvent Received(const std::string& number) {
  ProviderEvent event;
  event.set_type(ProviderEvent::TYPE_CALL_RECEIVED);
  event.set_call_id("call-1");
  event.set_calls_configuration_id("bridge");
  event.mutable_call()->set_direction(CallFacts::DIRECTION_INBOUND);
  event.mutable_call()->set_to(number);
  return event;
}

Settings WithRoutes(const std::string& more) { return MustParse(kGoodYaml + more); }

TEST(Routes, BridgeWithEverythingFilledIn) {
  const Routes routes(WithRoutes("    plan: {ring_timeout: 7s}\n    labels: {b: 2, a: 1}\n"));
  const auto call = routes.Arrange(Received("442079460001"));
  ASSERT_TRUE(call.has_value());
  EXPECT_EQ(call->arrangement(), IncomingCall::ARRANGEMENT_BRIDGE);
  EXPECT_EQ(call->event().call_id(), "call-1");
  EXPECT_EQ(call->route(), "support");
  ASSERT_EQ(call->callees_size(), 1);
  EXPECT_EQ(call->callees(0).endpoint().phone().number(), "+447700900456");
  EXPECT_EQ(call->callees(0).caller_id_number(), "+442079460001");
  EXPECT_EQ(call->callees(0).ring_timeout().seconds(), 7);
  EXPECT_EQ(call->plan().greeting().voice().language(), "en");
  ASSERT_EQ(call->labels_size(), 2);
  EXPECT_EQ(call->labels(0).key(), "a");
  EXPECT_EQ(call->settings().service_id(), "test");
  EXPECT_TRUE(call->settings().timing().has_join_retry());
}

TEST(Routes, OfferWithoutAPlan) {
  const Routes routes(WithRoutes("  - {name: offered, number: \"+442079460003\", offer: true}\n"));
  const auto call = routes.Arrange(Received("+442079460003"));
  ASSERT_TRUE(call.has_value());
  EXPECT_EQ(call->arrangement(), IncomingCall::ARRANGEMENT_OFFER);
  EXPECT_EQ(call->callees_size(), 0);
  EXPECT_EQ(call->settings().calls_configuration_id(), "bridge");
}

TEST(Routes, DoWithUnroutedNumbersWhatTheSettingsSay) {
  EXPECT_FALSE(Routes(WithRoutes("")).Arrange(Received("442079469999")).has_value());
  EXPECT_EQ(Routes(WithRoutes("unrouted: reject")).Arrange(Received("442079469999"))->arrangement(),
            IncomingCall::ARRANGEMENT_REJECT);
  EXPECT_EQ(Routes(WithRoutes("unrouted: OFFER")).Arrange(Received("anonymous"))->arrangement(),
            IncomingCall::ARRANGEMENT_OFFER);
}

struct Forwarded {
  const char* from;
  std::vector<std::string> by;
  bool loop;
};

// The route's own number is +442079460001, and it calls +447700900456.
TEST(Routes, AnswerNoCallThatCameBackToThem) {
  const Routes routes(WithRoutes(""));
  for (const Forwarded& call : std::vector<Forwarded>{
           {"447700900123", {}, false},
           {"447700900456", {}, false},
           {"anonymous", {"", "anonymous", "442079460009"}, false},
           {"447700900123", {"442079460009"}, false},
           {"447700900123", {"447700900456"}, true},
           {"447700900123", {"+447700900456"}, true},
           {"447700900123", {"442079460009", "447700900456"}, true},
           {"447700900123", {"447700900456", "442079460009"}, true},
           {"447700900123", {"442079460001"}, true},
           {"442079460001", {"447700900456", "442079460001"}, true},
           {"442079460001", {}, true},
           {"+442079460001", {}, true},
       }) {
    ProviderEvent event = Received("442079460001");
    event.mutable_call()->set_from(call.from);
    for (const std::string& number : call.by) event.mutable_call()->add_forwarded_from(number);
    const auto arranged = routes.Arrange(event);
    ASSERT_TRUE(arranged.has_value());
    EXPECT_EQ(arranged->arrangement(),
              call.loop ? IncomingCall::ARRANGEMENT_LOOP : IncomingCall::ARRANGEMENT_BRIDGE)
        << call.from << " " << call.by.size();
  }
}

TEST(Routes, LeaveItToTheProgramWhetherAnOfferedCallCameBack) {
  const Routes routes(WithRoutes("  - {name: offered, number: \"+442079460003\", offer: true}\n"));
  ProviderEvent event = Received("442079460003");
  event.mutable_call()->add_forwarded_from("442079460003");
  EXPECT_EQ(routes.Arrange(event)->arrangement(), IncomingCall::ARRANGEMENT_OFFER);
}

TEST(Routes, LeaveAloneWhatIsNotOurs) {
  const Routes routes(WithRoutes("unrouted: reject"));
  ProviderEvent event = Received("442079460001");
  event.set_calls_configuration_id("other");
  EXPECT_FALSE(routes.Arrange(event).has_value());
  event = Received("442079460001");
  event.mutable_call()->set_direction(CallFacts::DIRECTION_OUTBOUND);
  EXPECT_FALSE(routes.Arrange(event).has_value());
  event = Received("442079460001");
  event.set_type(ProviderEvent::TYPE_CALL_RINGING);
  EXPECT_FALSE(routes.Arrange(event).has_value());
}

TEST(DialingRules, AllowToShowTheNumbersOfSettingsAndRoutes) {
  const DialingRules rules(
      WithRoutes("dialing: {default_number: \"442079460005\", allowed_numbers: [442079460006]}"));
  EXPECT_EQ(rules.default_number(), "+442079460005");
  for (const char* number : {"+442079460001", "442079460001", "442079460005", "+442079460006"}) {
    EXPECT_TRUE(rules.MayShow(number)) << number;
  }
  EXPECT_FALSE(rules.MayShow("+442079460007"));
  EXPECT_FALSE(rules.MayShow(""));
}

TEST(DialingRules, AllowEveryNumberWithoutPrefixes) {
  const DialingRules rules(WithRoutes(""));
  EXPECT_FALSE(rules.WhyNotCall("+18005550100").has_value());
  EXPECT_EQ(rules.default_number(), "");
}

TEST(DialingRules, DenyByPrefix) {
  const DialingRules rules(
      WithRoutes("dialing: {allowed_prefixes: [44, +353], denied_prefixes: [\"+449\"]}"));
  EXPECT_FALSE(rules.WhyNotCall("447700900456").has_value());
  EXPECT_FALSE(rules.WhyNotCall("+35312345678").has_value());
  EXPECT_EQ(rules.WhyNotCall("+449000900456")->prefix, "+449");
  EXPECT_EQ(rules.WhyNotCall("+18005550100")->prefix, "");
  EXPECT_TRUE(rules.WhyNotCall("4").has_value());
  callbridge::v1::Endpoint endpoint;
  endpoint.mutable_sip()->set_username("1800555");
  EXPECT_FALSE(rules.WhyNotCall(endpoint).has_value());
  endpoint.mutable_phone()->set_number("18005550100");
  EXPECT_TRUE(rules.WhyNotCall(endpoint).has_value());
}

callbridge::v1::Endpoint SipUser(const std::string& user) {
  callbridge::v1::Endpoint endpoint;
  endpoint.mutable_sip()->set_username(user);
  endpoint.mutable_sip()->set_trunk_id("trunk-1");
  return endpoint;
}

TEST(DialingRules, HoldSipUsersThatAreNumbersToThePrefixes) {
  const DialingRules rules(
      WithRoutes("dialing: {allowed_prefixes: [44], denied_prefixes: [\"+449\"]}"));
  for (const char* user :
       {"+9005551234567", "009005551234567", "9005551234567", "+449005551234", "00449005551234",
        "+900-555-12.34(567)", "+9005551234567;phone-context=x", "9005551234567?x=1",
        "%2b9005551234567", "+90055%351234567", "*67+9005551234567", "*31*9005551234567",
        "*679005551234567", "%2331%239005551234567", "9005551234567%23", "**21*9005551234567%23",
        "09005551234", "+911"}) {
    EXPECT_TRUE(rules.WhyNotCall(SipUser(user)).has_value()) << user;
  }
  for (const char* user : {"+447700900456", "00447700900456", "447700900456", "+44-7700-900456",
                           "bob", "100", "1234567", "bob9005551234567", "room-12345678a", "+a"}) {
    EXPECT_FALSE(rules.WhyNotCall(SipUser(user)).has_value()) << user;
  }
  EXPECT_EQ(rules.WhyNotCall(SipUser("00449005551234"))->prefix, "+449");
}

TEST(DialingRules, LeaveSipUsersAloneWithoutPrefixes) {
  const DialingRules rules(WithRoutes(""));
  for (const char* user : {"+9005551234567", "09005551234", "bob"}) {
    EXPECT_FALSE(rules.WhyNotCall(SipUser(user)).has_value()) << user;
  }
}

TEST(DialingRules, KnowTheNumbersOfRoutesHoweverTheyAreWritten) {
  const DialingRules rules(WithRoutes(""));
  callbridge::v1::Endpoint phone;
  for (const char* number : {"+442079460001", "442079460001"}) {
    phone.mutable_phone()->set_number(number);
    EXPECT_TRUE(rules.IsRouted(phone)) << number;
    EXPECT_TRUE(rules.IsRouted(SipUser(number))) << number;
  }
  EXPECT_TRUE(rules.IsRouted(SipUser("00442079460001")));
  phone.mutable_phone()->set_number("+442079460099");
  EXPECT_FALSE(rules.IsRouted(phone));
  EXPECT_FALSE(rules.IsRouted(SipUser("bob")));
}

TEST(SameDestination, ComparesWhoIsCalledAndNotHowItIsWritten) {
  callbridge::v1::Endpoint phone;
  phone.mutable_phone()->set_number("447700900456");
  callbridge::v1::Endpoint identity;
  identity.mutable_webrtc()->set_identity("bob");
  callbridge::v1::Endpoint other_trunk = SipUser("bob");
  other_trunk.mutable_sip()->set_trunk_id("trunk-2");
  EXPECT_TRUE(SameDestination(phone, SipUser("+447700900456")));
  EXPECT_TRUE(SameDestination(SipUser("bob"), SipUser("bob")));
  EXPECT_TRUE(SameDestination(identity, identity));
  EXPECT_FALSE(SameDestination(SipUser("bob"), other_trunk));
  EXPECT_FALSE(SameDestination(SipUser("bob"), SipUser("eve")));
  EXPECT_FALSE(SameDestination(SipUser("bob"), identity));
  EXPECT_FALSE(SameDestination(identity, phone));
  EXPECT_FALSE(SameDestination(phone, SipUser("447700900457")));
}

}  // namespace
}  // namespace callbridge::settings
