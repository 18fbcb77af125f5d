// Where a message ends, how its body is coded, and whether the connection goes on (http_row.h).
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/base/ingress_limits.h"
#include "tests/webhook/http_row.h"

namespace callbridge::webhook {
namespace {

// RFC 9112 §6 and §7: where a message ends.
std::vector<Row> Framing() {
  const std::string smuggled = Get("/livez");
  const std::string length = LengthOfBody();
  return {
      {"LengthAlone", "9112 6.3", PostWith(""), {200}},
      {"ChunkedAlone", "9112 7.1", Framed("Transfer-Encoding: chunked\r\n", InOneChunk()), {200}},
      {"ChunkedInAnyCase", "9112 7", Framed("Transfer-Encoding: CHUNKED\r\n", InOneChunk()), {200}},
      {"ChunkExtensionsAndTrailers",
       "9112 7.1.1, 7.1.2",
       Framed("Transfer-Encoding: chunked\r\n",
              absl::StrFormat("%x;a=b;c=\"d\"\r\n%s\r\n0\r\nX-Trailer: 1\r\n\r\n", kBody.size(),
                              std::string(kBody))),
       {200}},
      {"NoBodyAtAll", "9112 6.3", Framed("", ""), {200}},
      {"LengthTwiceAlike", "9112 6.3", Framed(length + length, std::string(kBody)), {200}},
      {"LengthTwiceDifferent",
       "9112 6.3",
       Framed("Content-Length: 5\r\nContent-Length: 6\r\n", "012345" + smuggled),
       {400},
       After::kClosed},
      {"LengthAsList",
       "9112 6.3",
       Framed("Content-Length: 5, 6\r\n", "012345" + smuggled),
       {400},
       After::kClosed},
      {"LengthNegative",
       "9110 8.6",
       Framed("Content-Length: -1\r\n", smuggled),
       {400},
       After::kClosed},
      {"LengthWithSign",
       "9110 8.6",
       Framed("Content-Length: +5\r\n", "01234" + smuggled),
       {400},
       After::kClosed},
      {"LengthInHex",
       "9110 8.6",
       Framed("Content-Length: 0x5\r\n", "01234" + smuggled),
       {400},
       After::kClosed},
      {"LengthEmpty", "9110 8.6", Framed("Content-Length:\r\n", smuggled), {400}, After::kClosed},
      {"LengthBeyondAnyNumber",
       "9110 8.6",
       Framed("Content-Length: 99999999999999999999999\r\n", smuggled),
       {400},
       After::kClosed},
      {"LengthBeyondOurs",
       "9110 15.5.14",
       Framed("Content-Length: 262145\r\n", smuggled),
       {413},
       After::kClosed},
      {"LengthThenChunked",
       "9112 6.1",
       Framed("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + smuggled),
       {400},
       After::kClosed},
      {"ChunkedThenLength",
       "9112 6.1",
       Framed("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n" + smuggled),
       {400},
       After::kClosed},
      {"ChunkSizeNotHex",
       "9112 7.1",
       Framed("Transfer-Encoding: chunked\r\n", "xyz\r\n{}\r\n0\r\n\r\n" + smuggled),
       {400},
       After::kClosed},
      {"ChunkSizeWithSign",
       "9112 7.1",
       Framed("Transfer-Encoding: chunked\r\n", "+2\r\n{}\r\n0\r\n\r\n" + smuggled),
       {400},
       After::kClosed},
      {"ChunkSizeInHexNotation",
       "9112 7.1",
       Framed("Transfer-Encoding: chunked\r\n", "0x2\r\n{}\r\n0\r\n\r\n" + smuggled),
       {400},
       After::kClosed},
      {"ChunkLongerThanItSays",
       "9112 7.1",
       Framed("Transfer-Encoding: chunked\r\n", "1\r\n{}\r\n0\r\n\r\n" + smuggled),
       {400},
       After::kClosed},
      {"ChunkSizeBeyondAnyNumber",
       "9112 7.1",
       Framed("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n{}\r\n0\r\n\r\n" + smuggled),
       {400},
       After::kClosed},
      {"ChunksBeyondOurLimit",
       "9110 15.5.14",
       Framed("Transfer-Encoding: chunked\r\n",
              InOneChunk(std::string(base::kWebhookBodyBytesMax + 1, ' ')) + smuggled),
       {413},
       After::kClosed},
  };
}

// RFC 9112 §6.1 and §7: transfer codings.
std::vector<Row> TransferCodings() {
  const std::string smuggled = Get("/livez");
  const auto coded = [&smuggled](const std::string& codings, const std::string& version) {
    return Framed("Transfer-Encoding: " + codings + "\r\n", InOneChunk() + smuggled, version);
  };
  return {
      {"UnknownBeforeChunked",
       "9112 6.1",
       coded("gzip, chunked", "HTTP/1.1"),
       {501},
       After::kClosed},
      {"UnknownInALineBeforeChunked",
       "9112 6.1",
       coded("gzip\r\nTransfer-Encoding: chunked", "HTTP/1.1"),
       {501},
       After::kClosed},
      {"ChunkedNotLast", "9112 6.3", coded("chunked, gzip", "HTTP/1.1"), {400}, After::kClosed},
      {"ChunkedInALineBeforeAnother",
       "9112 6.3",
       coded("chunked\r\nTransfer-Encoding: gzip", "HTTP/1.1"),
       {400},
       After::kClosed},
      {"WithoutChunked", "9112 6.3", coded("gzip", "HTTP/1.1"), {400}, After::kClosed},
      {"WithoutChunkedBesideALength",
       "9112 6.3",
       coded("gzip\r\nContent-Length: 5", "HTTP/1.1"),
       {400},
       After::kClosed},
      {"Identity", "9112 7", coded("identity", "HTTP/1.1"), {400}, After::kClosed},
      {"Empty", "9112 6.3", coded("", "HTTP/1.1"), {400}, After::kClosed},
      {"AlmostChunked", "9112 6.3", coded("xchunked", "HTTP/1.1"), {400}, After::kClosed},
      {"ChunkedWithAParameter", "9112 7", coded("chunked;q=1", "HTTP/1.1"), {400}, After::kClosed},
      {"ChunkedTwice", "9112 6.1", coded("chunked, chunked", "HTTP/1.1"), {400}, After::kClosed},
      {"ChunkedInVersion10EndsTheConnection",
       "9112 6.1",
       coded("chunked\r\nConnection: keep-alive", "HTTP/1.0"),
       {200},
       After::kClosed},
      {"UnknownInVersion10", "9112 6.1", coded("gzip, chunked", "HTTP/1.0"), {501}, After::kClosed},
  };
}

// RFC 9110 §8.4 and §10.1.1: what the sender does to the body, and what it expects before it.
std::vector<Row> CodingsAndExpectations() {
  return {
      {"Gzip",
       "9110 15.5.16",
       PostWith("Content-Encoding: gzip\r\n"),
       {415},
       After::kClosed,
       "accept-encoding",
       "identity"},
      {"GzipAfterIdentity",
       "9110 8.4",
       PostWith("Content-Encoding: identity, gzip\r\n"),
       {415},
       After::kClosed,
       "accept-encoding",
       "identity"},
      {"AnyOtherCoding",
       "9110 8.4",
       PostWith("Content-Encoding: br\r\n"),
       {415},
       After::kClosed,
       "accept-encoding",
       "identity"},
      {"IdentityCoding", "9110 8.4", PostWith("Content-Encoding: Identity\r\n"), {200}},
      {"EmptyCoding", "9110 8.4", PostWith("Content-Encoding:\r\n"), {200}},
      {"Continue", "9110 10.1.1", PostWith("Expect: 100-continue\r\n"), {100, 200}},
      {"ContinueInAnyCase", "9110 10.1.1", PostWith("Expect: 100-Continue\r\n"), {100, 200}},
      {"ContinueInVersion10",
       "9110 10.1.1",
       Framed("Expect: 100-continue\r\n" + LengthOfBody(), std::string(kBody), "HTTP/1.0"),
       {200},
       After::kClosed},
      {"ContinueForWhatIsRefused",
       "9110 10.1.1",
       HeadOf("POST /nowhere HTTP/1.1",
              "Host: test\r\nExpect: 100-continue\r\nContent-Length: 9\r\n"),
       {404},
       After::kClosed},
      {"OtherExpectation", "9110 15.5.18", PostWith("Expect: 200-ok\r\n"), {417}, After::kClosed},
      {"OtherExpectationBesideContinue",
       "9110 10.1.1",
       PostWith("Expect: 100-continue, quickly\r\n"),
       {417},
       After::kClosed},
  };
}

// RFC 9112 §9: persistence.
std::vector<Row> Persistence() {
  const std::string host = "Host: test\r\n";
  return {
      {"Version11Stays", "9112 9.3", HeadOf("GET /livez HTTP/1.1", host), {200}},
      {"Version11Closes",
       "9112 9.6",
       HeadOf("GET /livez HTTP/1.1", host + "Connection: close\r\n"),
       {200},
       After::kClosed,
       "connection",
       "close"},
      {"Version11ClosesInAnyCaseAndList",
       "9112 9.6",
       HeadOf("GET /livez HTTP/1.1", host + "Connection: x, CLOSE\r\n"),
       {200},
       After::kClosed},
      {"Version10Closes", "9112 9.3", HeadOf("GET /livez HTTP/1.0", host), {200}, After::kClosed},
      {"Version10Stays",
       "9112 9.3",
       HeadOf("GET /livez HTTP/1.0", host + "Connection: keep-alive\r\n"),
       {200},
       After::kOpen,
       "connection",
       "keep-alive"},
      {"PipelinedInOrder",
       "9112 9.3.2",
       Get("/livez") + PostWith("") + Get("/nowhere"),
       {200, 200, 404}},
      {"NothingAfterTheLast",
       "9112 9.6",
       HeadOf("GET /livez HTTP/1.1", host + "Connection: close\r\n") + Get("/livez"),
       {200},
       After::kClosed},
      {"RefusedWithoutABodyStays", "9112 9.3", Get("/nowhere"), {404}},
      {"RefusedBeforeItsBodyCloses",
       "9112 9.3",
       Post("/nowhere", "", Get("/livez")),
       {404},
       After::kClosed,
       "connection",
       "close"},
  };
}

class HttpFraming : public testing::TestWithParam<Row> {};

TEST_P(HttpFraming, AnswersAsTheRuleAsks) { ExpectAnswers(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Rfc, HttpFraming,
                         testing::ValuesIn(AllRows({{"Framing", Framing()},
                                                    {"TransferCoding", TransferCodings()},
                                                    {"Coding", CodingsAndExpectations()},
                                                    {"Persistence", Persistence()}})),
                         NameOf);

}  // namespace
}  // namespace callbridge::webhook
