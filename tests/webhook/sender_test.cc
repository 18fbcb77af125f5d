// Whom the log names as a request's sender, and what else it shows of one that is refused.
#include "webhook/sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "server/base/log.h"
#include "tests/webhook/running_listener.h"

namespace callbridge::webhook {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

RequestHead HeadWith(const std::vector<std::pair<std::string, std::string>>& fields) {
  RequestHead head;
  for (const auto& [name, value] : fields) head.insert(name, value);
  return head;
}

Proxies Trusted(Proxies::Header header = Proxies::Header::kXForwardedFor) {
  return {{*base::ParseNetwork("10.0.0.0/8"), *base::ParseNetwork("2001:db8::/32")}, header};
}

std::string Sender(const std::string& peer, const RequestHead& head, const Proxies& proxies) {
  return DescribeSender(base::ParseIpAddress(peer), head, proxies);
}

TEST(DescribeSender, BelievesAHeaderOnlyOfAProxyThatIsNamed) {
  const RequestHead head =
      HeadWith({{"X-Forwarded-For", "203.0.113.7"}, {"Forwarded", "for=203.0.113.8"}});
  EXPECT_EQ(Sender("198.51.100.1", head, Trusted()), "198.51.100.1");
  EXPECT_EQ(Sender("10.0.0.1", head, {}), "10.0.0.1");
  EXPECT_EQ(Sender("10.0.0.1", head, Trusted()), "203.0.113.7");
  EXPECT_EQ(Sender("10.0.0.1", head, Trusted(Proxies::Header::kForwarded)), "203.0.113.8");
  EXPECT_EQ(DescribeSender(std::nullopt, head, Trusted()), "an unknown address");
  EXPECT_EQ(Sender("10.0.0.1", HeadWith({{"Forwarded", "for=\"[2001:db9::1]:4711\";proto=https"}}),
                   Trusted(Proxies::Header::kForwarded)),
            "2001:db9::1");
}

// A stranger writes the first elements, and each proxy adds what it has seen.
TEST(DescribeSender, TakesTheLastAddressThatIsNoProxys) {
  for (const auto& [value, sender] : std::vector<std::pair<std::string, std::string>>{
           {"1.1.1.1, 203.0.113.7", "203.0.113.7"},
           {"1.1.1.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"},
           {"10.0.0.3, 10.0.0.2", "10.0.0.3"},
           {"1.1.1.1, 203.0.113.7:4711", "203.0.113.7"},
           {"[2001:db9::1]:4711, 2001:db8::1", "2001:db9::1"},
           {"1.1.1.1, unknown", "the proxy 10.0.0.1, which does not say for whom"},
           {"1.1.1.1, [2001:db9::1", "the proxy 10.0.0.1, which does not say for whom"},
           {"", "the proxy 10.0.0.1, which does not say for whom"}}) {
    EXPECT_EQ(Sender("10.0.0.1", HeadWith({{"X-Forwarded-For", value}}), Trusted()), sender)
        << value;
  }
  EXPECT_EQ(Sender("10.0.0.1",
                   HeadWith({{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-For", "203.0.113.7"}}),
                   Trusted()),
            "203.0.113.7");
}

TEST(DescribeSender, ReadsForwardedAsItsRfcWritesIt) {
  for (const auto& [value, sender] : std::vector<std::pair<std::string, std::string>>{
           {"for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"},
           {"for=\"192.0.2.60\"", "192.0.2.60"},
           {"proto=https; For=\"[2001:db9:cafe::17]:4711\"", "2001:db9:cafe::17"},
           {"for=1.1.1.1, for=203.0.113.7, for=10.0.0.9", "203.0.113.7"},
           {"for=_hidden", "the proxy 10.0.0.1, which does not say for whom"},
           {"for=\"", "the proxy 10.0.0.1, which does not say for whom"},
           {"by=1.1.1.1", "the proxy 10.0.0.1, which does not say for whom"}}) {
    EXPECT_EQ(
        Sender("10.0.0.1", HeadWith({{"Forwarded", value}}), Trusted(Proxies::Header::kForwarded)),
        sender)
        << value;
  }
}

TEST(NamesOfFields, ShowsEachNameOnceAndNoValue) {
  EXPECT_EQ(NamesOfFields(HeadWith({{"Host", "a"}, {"X-Sign", "b"}, {"host", "c"}})),
            "Host, X-Sign");
  std::vector<std::pair<std::string, std::string>> many;
  for (int i = 0; i < 90; ++i) many.emplace_back("X-" + std::to_string(i) + "-filler", "v");
  EXPECT_LT(NamesOfFields(HeadWith(many)).size(), 1'000U);
}

TEST(Sender, IsToldOfAnUnauthorizedRequestWithTheNamesOfItsHeaders) {
  const base::LogCapture log;
  {
    RunningListener running({.proxies = {{*base::ParseNetwork("127.0.0.1")}}});
    HttpClient client(running.port());
    client.Send(Post(kPath, "X-Forwarded-For: 203.0.113.7\r\nX-Sign: topsecretvalue\r\n", kBody));
    EXPECT_EQ(client.Receive().status, 401);
  }
  ASSERT_EQ(log.Lines().size(), 1u);
  EXPECT_THAT(log.Lines()[0],
              AllOf(HasSubstr("webhook_unauthorized"), HasSubstr("Authorization: 0 values"),
                    HasSubstr("from 203.0.113.7"),
                    HasSubstr("headers: Host, X-Forwarded-For, X-Sign, Content-Length"),
                    Not(HasSubstr("topsecretvalue"))));
}

}  // namespace
}  // namespace callbridge::webhook
