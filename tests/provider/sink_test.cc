// Bodies that are handed on piece by piece, over real sockets: from which byte on they are asked
// for, and which answers are none of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/provider/provider_fixture.h"
#include "tests/provider/raw_server.h"
#include "tests/provider/submit.h"

namespace callbridge::provider {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class SinkTest : public ::testing::Test {
 protected:
  // Fetches from byte `from` on. The sink refuses once it has `room` bytes or more.
  HttpAnswer Fetch(RawServer& server, std::int64_t from, std::size_t room = std::string::npos) {
    HttpRequest request{Method::kGet, "/calls/1/recordings/files/f1", "", true};
    Sink sink;
    sink.from = from;
    sink.take = [this, room](const Piece& piece) {
      whole_.push_back(piece.whole);
      totals_.push_back(piece.total);
      bytes_ += piece.bytes;
      return bytes_.size() < room;
    };
    request.sink = std::move(sink);
    HttpAnswer answer = SubmitAndWait(transport_, OutgoingTo(server.url(), std::move(request)));
    EXPECT_FALSE(server.requests().empty());
    head_ = server.requests().empty() ? "" : server.requests().front().head;
    return answer;
  }

  base::ServiceClock clock_;
  CurlTransport transport_{clock_};
  std::string head_;
  std::string bytes_;
  std::vector<bool> whole_;
  std::vector<std::optional<std::int64_t>> totals_;
};

TEST_F(SinkTest, TakesAWholeBodyThatIsLargerThanAnAnswerMayBe) {
  const std::string file(base::kProviderBodyBytesMax + 100'000, 'x');
  RawServer server([&](const RawServer::Request&) { return Answer(200, file); });
  const HttpAnswer answer = Fetch(server, 0);
  EXPECT_EQ(answer.http_status, 200);
  EXPECT_THAT(answer.body, IsEmpty());
  EXPECT_TRUE(bytes_ == file) << bytes_.size();
  EXPECT_THAT(whole_, Each(true));
  EXPECT_THAT(totals_, Each(std::ssize(file)));
  EXPECT_THAT(head_, Not(HasSubstr("Range:")));
}

TEST_F(SinkTest, AsksForTheRestOfABodyWhoseBeginningIsThere) {
  RawServer server([](const RawServer::Request&) { return Answer(206, "rest"); });
  Fetch(server, 6);
  EXPECT_THAT(head_, HasSubstr("Range: bytes=6-\r\n"));
  EXPECT_EQ(bytes_, "rest");
  EXPECT_THAT(whole_, Each(false));
  EXPECT_THAT(totals_, Each(10));
}

TEST_F(SinkTest, SaysThatAServerWithoutRangesBeginsAgain) {
  RawServer server([](const RawServer::Request&) { return Answer(200, "all of it"); });
  Fetch(server, 6);
  EXPECT_EQ(bytes_, "all of it");
  EXPECT_THAT(whole_, Each(true));
  EXPECT_THAT(totals_, Each(9));
}

TEST_F(SinkTest, TakesNoErrorForAFile) {
  RawServer server([](const RawServer::Request&) { return Answer(404, "no such file"); });
  const HttpAnswer answer = Fetch(server, 0);
  EXPECT_EQ(answer.http_status, 404);
  EXPECT_EQ(answer.body, "no such file");
  EXPECT_THAT(whole_, IsEmpty());
}

TEST_F(SinkTest, EndsTheRequestWhenItsBytesAreRefused) {
  const std::string file(1'000'000, 'x');
  RawServer server([&](const RawServer::Request&) { return Answer(200, file); });
  EXPECT_EQ(Fetch(server, 0, 1).code, CURLE_WRITE_ERROR);
  EXPECT_LT(bytes_.size(), file.size());
}

}  // namespace
}  // namespace callbridge::provider
