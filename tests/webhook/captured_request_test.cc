// Which captures can be read, and what is said of those that cannot.
#include "webhook/captured_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace callbridge::webhook {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

CapturedRequest MustRead(const std::string& text) {
  auto request = ReadCapturedRequest(text);
  EXPECT_TRUE(request.ok()) << request.status();
  return request.ok() ? *std::move(request) : CapturedRequest();
}

std::string ErrorOf(const std::string& text) {
  const auto request = ReadCapturedRequest(text);
  EXPECT_FALSE(request.ok()) << text;
  return std::string(request.status().message());
}

TEST(ReadCapturedRequest, ReadsARequestAsItCame) {
  const CapturedRequest request = MustRead(
      "POST /infobip/events HTTP/1.1\r\nHost: test\r\nX-Sign:  abc \r\nX-Sign: d\r\n"
      "Content-Length: 5\r\n\r\n{\r\n} ");
  EXPECT_EQ(View(request.head.target()), "/infobip/events");
  EXPECT_EQ(request.head.method(), boost::beast::http::verb::post);
  EXPECT_THAT(ValuesOf(request.head, "x-sign"), ElementsAre("abc", "d"));
  EXPECT_EQ(request.body, "{\r\n} ");
  EXPECT_THAT(request.notes, IsEmpty());
}

TEST(ReadCapturedRequest, ReadsWhatOtherToolsStore) {
  // An editor has taken the carriage returns.
  EXPECT_EQ(MustRead("POST / HTTP/1.1\nHost: test\n\n{}").body, "{}");
  // Headers and body alone, and what "curl -i" shows of a service that keeps requests.
  for (const char* first : {"", "HTTP/1.1 200 OK\r\n", "HTTP/2 200 \r\n"}) {
    const CapturedRequest request = MustRead(std::string(first) + "X-Sign: abc\r\n\r\n{}");
    EXPECT_THAT(ValuesOf(request.head, "X-Sign"), ElementsAre("abc")) << first;
    EXPECT_EQ(request.body, "{}");
    EXPECT_TRUE(request.head.target().empty());
  }
}

TEST(ReadCapturedRequest, JoinsChunks) {
  const std::string head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(MustRead(head + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n").body, "abcde");
  EXPECT_THAT(ErrorOf(head + "{}"), HasSubstr("the body is not chunked"));
  EXPECT_THAT(ErrorOf(head + "3\r\nab"), HasSubstr("the body is not chunked"));
}

TEST(ReadCapturedRequest, FitsTheBodyToItsLength) {
  const CapturedRequest longer = MustRead("Content-Length: 2\r\n\r\n{}\n");
  EXPECT_EQ(longer.body, "{}");
  EXPECT_THAT(longer.notes, ElementsAre(HasSubstr("is left out")));
  const CapturedRequest shorter = MustRead("Content-Length: 9\r\n\r\n{}");
  EXPECT_EQ(shorter.body, "{}");
  EXPECT_THAT(shorter.notes, ElementsAre(HasSubstr("the capture is cut off")));
}

TEST(ReadCapturedRequest, SaysWhichLineIsNoHeaderAndDoesNotShowIt) {
  const std::string message = ErrorOf("Host: test\r\nsecret words\r\n\r\n{}");
  EXPECT_THAT(message, HasSubstr("line 2 is no header"));
  EXPECT_THAT(message, Not(HasSubstr("secret words")));
  EXPECT_THAT(ErrorOf("POST / HTTP/1.1\r\nna me: x\r\n\r\n"), HasSubstr("line 2"));
  EXPECT_THAT(ErrorOf(""), HasSubstr("no empty line"));
  EXPECT_THAT(ErrorOf("Host: test\r\n"), HasSubstr("no empty line"));
  EXPECT_THAT(ErrorOf("X: " + std::string(70'000, 'x') + "\n\n"), HasSubstr("larger than"));
  std::string many;
  for (int i = 0; i < 101; ++i) many += "X: y\n";
  EXPECT_THAT(ErrorOf(many + "\n"), HasSubstr("more headers"));
}

}  // namespace
}  // namespace callbridge::webhook
