// First lines and fields, targets, hosts and methods (http_row.h).
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/base/ingress_limits.h"
#include "tests/webhook/http_row.h"

namespace callbridge::webhook {
namespace {

// RFC 9112 §2, §3 and §5: the first line and the fields.
std::vector<Row> Heads() {
  const std::string host = "Host: test\r\n";
  return {
      {"EmptyLineBefore", "9112 2.2", "\r\n" + Get("/livez"), {200}},
      {"EmptyLinesBetween", "9112 2.2", Get("/livez") + "\r\n\r\n" + Get("/livez"), {200, 200}},
      {"EmptyLineBeforeManyRequests",
       "9112 2.2",
       "\r\n" + Get("/livez") + Get("/livez?" + std::string(12'000, 'x')) +
           Get("/livez?" + std::string(12'000, 'x')),
       {200, 200, 200}},
      {"SpaceBeforeTheFirstField",
       "9112 2.2",
       "GET /livez HTTP/1.1\r\n X-Hidden: 1\r\nHost: test\r\n\r\n",
       {400},
       After::kClosed},
      {"SpaceBeforeTheColon",
       "9112 5.1",
       HeadOf("GET /livez HTTP/1.1", host + "X-Spaced : 1\r\n"),
       {400},
       After::kClosed},
      {"FieldWithoutColon",
       "9112 5",
       HeadOf("GET /livez HTTP/1.1", host + "nonsense\r\n"),
       {400},
       After::kClosed},
      {"BareLineFeeds",
       "9112 2.2",
       "GET /livez HTTP/1.1\nHost: test\n\n\r\n\r\n",
       {400},
       After::kClosed},
      {"NullInAField",
       "9110 5.5",
       HeadOf("GET /livez HTTP/1.1", host + std::string("X-Null: a\0b\r\n", 13)),
       {400},
       After::kClosed},
      {"FirstLineTooLong",
       "9110 15.5.15",
       "GET /" + std::string(20'000, 'x') + " HTTP/1.1\r\n",
       {414},
       After::kClosed},
      {"FieldsTooLong",
       "6585 5",
       HeadOf("GET /livez HTTP/1.1", host + "X-Long: " + std::string(20'000, 'x') + "\r\n"),
       {431},
       After::kClosed},
      {"TooManyFields",
       "6585 5",
       HeadOf(
           "GET /livez HTTP/1.1", host +
                                      [] {
                                        std::string fields;
                                        for (int i = 0; i < base::kWebhookHeaderFieldsMax; ++i)
                                          fields += "X: y\r\n";
                                        return fields;
                                      }()),
       {431}},
      {"VersionOfNextYear",
       "9110 15.6.6",
       HeadOf("GET /livez HTTP/3.0", host),
       {505},
       After::kClosed},
      {"NoVersion", "9112 3", "GET /livez\r\n\r\n", {400}, After::kClosed},
      {"NoHttp", "9112 3", "nonsense\r\n\r\n", {400}, After::kClosed},
  };
}

// RFC 9112 §3.2 and §3.3: Host and the forms of the target.
std::vector<Row> TargetsAndHosts() {
  const auto get = [](const std::string& target, const std::string& headers = "Host: test\r\n") {
    return HeadOf("GET " + target + " HTTP/1.1", headers);
  };
  return {
      {"OriginForm", "9112 3.2.1", get("/livez"), {200}},
      {"OriginFormWithQuery", "9112 3.2.1", get("/livez?a=b"), {200}},
      {"AbsoluteForm", "9112 3.2.2", get("http://bridge.example.com/livez"), {200}},
      {"AbsoluteFormOfHttps",
       "9112 3.2.2",
       get("HTTPS://bridge.example.com:8443/livez?a=/b"),
       {200}},
      {"AbsoluteFormOfAWebhook",
       "9112 3.2.2",
       HeadOf("POST http://bridge.example.com/infobip/events HTTP/1.1",
              "Host: bridge.example.com\r\n" + Credentials() + LengthOfBody()) +
           std::string(kBody),
       {200}},
      {"AbsoluteFormWithoutPath", "9112 3.2.2", get("http://bridge.example.com"), {404}},
      {"AbsoluteFormWithQueryAlone", "9112 3.2.2", get("http://bridge.example.com?/livez"), {404}},
      {"AsteriskForm", "9112 3.2.4", get("*"), {400}},
      {"RelativeTarget", "9112 3.2", get("livez"), {400}},
      {"HostMissing", "9112 3.2", get("/livez", ""), {400}},
      {"HostMissingInVersion10",
       "9112 3.2",
       HeadOf("GET /livez HTTP/1.0", ""),
       {200},
       After::kClosed},
      {"HostTwice",
       "9112 3.2",
       get("/livez", "Host: a.example.com\r\nHost: b.example.com\r\n"),
       {400}},
      {"HostTwiceAlike",
       "9112 3.2",
       get("/livez", "Host: a.example.com\r\nHost: a.example.com\r\n"),
       {400}},
      {"HostThatIsNone", "9112 3.2", get("/livez", "Host: a/b\r\n"), {400}},
      {"HostsInOneLine", "9112 3.2", get("/livez", "Host: a b\r\n"), {400}},
      {"HostEmpty", "9112 3.2", get("/livez", "Host:\r\n"), {200}},
      {"HostWithPort", "9110 7.2", get("/livez", "Host: [2001:db8::1]:8081\r\n"), {200}},
      {"OtherPath", "9110 15.5.5", get("/"), {404}},
  };
}

// RFC 9110 §9: methods.
std::vector<Row> Methods() {
  const auto ask = [](const std::string& method, const std::string& path) {
    return HeadOf(method + " " + path + " HTTP/1.1", "Host: test\r\n");
  };
  std::vector<Row> rows = {
      {"HeadOfLivez",
       "9110 9.3.2",
       ask("HEAD", "/livez"),
       {200},
       After::kOpen,
       "content-length",
       "13"},
      {"HeadOfReadyz",
       "9110 9.3.2",
       ask("HEAD", "/readyz"),
       {200},
       After::kOpen,
       "content-length",
       "14"},
      {"HeadOfNothing", "9110 9.3.2", ask("HEAD", "/nowhere"), {404}},
      {"HeadOfWebhooks",
       "9110 15.5.6",
       ask("HEAD", "/infobip/events"),
       {405},
       After::kOpen,
       "allow",
       "POST"},
      {"Lowercase", "9110 9.1", ask("get", "/livez"), {501}},
  };
  for (const std::string method : {"GET", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    rows.push_back({method + "OfWebhooks",
                    "9110 15.5.6",
                    ask(method, "/infobip/events"),
                    {405},
                    After::kOpen,
                    "allow",
                    "POST"});
  }
  for (const std::string method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    rows.push_back({method + "OfLivez",
                    "9110 15.5.6",
                    ask(method, "/livez"),
                    {405},
                    After::kOpen,
                    "allow",
                    "GET, HEAD"});
  }
  for (const std::string method : {"CONNECT", "TRACE", "PROPFIND", "BREW"}) {
    rows.push_back(
        {method + "IsNotImplemented", "9110 9.1", ask(method, "/infobip/events"), {501}});
  }
  return rows;
}

class HttpSemantics : public testing::TestWithParam<Row> {};

TEST_P(HttpSemantics, AnswersAsTheRuleAsks) { ExpectAnswers(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Rfc, HttpSemantics,
                         testing::ValuesIn(AllRows({{"Head", Heads()},
                                                    {"Target", TargetsAndHosts()},
                                                    {"Method", Methods()}})),
                         NameOf);

}  // namespace
}  // namespace callbridge::webhook
