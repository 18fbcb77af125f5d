// Files that are sent as forms, over real sockets: what leaves, and what is known when it is cut.
#include <absl/strings/str_format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "tests/provider/provider_fixture.h"
#include "tests/provider/raw_server.h"
#include "tests/provider/submit.h"
#include "tests/simulator/form.h"

namespace callbridge::provider {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

// Reads of a text, up to `readable` bytes.
FormFile FileOf(const std::string& content, std::size_t readable = std::string::npos) {
  FormFile file;
  file.part = "file";
  file.file_name = "hold \"x\".wav";
  file.content_type = "audio/wav";
  file.size = static_cast<std::int64_t>(content.size());
  file.read = [&content, readable](std::int64_t offset, char* buffer, std::size_t bytes) {
    const auto from = static_cast<std::size_t>(offset);
    const std::size_t end = std::min(readable, content.size());
    const std::size_t count = from >= end ? 0 : std::min(bytes, end - from);
    std::memcpy(buffer, content.data() + from, count);
    return count;
  };
  return file;
}

class FormFileTest : public ::testing::Test {
 protected:
  HttpAnswer Send(const std::string& url, FormFile file,
                  std::optional<std::chrono::seconds> stall = std::nullopt) {
    HttpRequest request{Method::kPost, "/calls/1/files", "", true};
    request.form = std::move(file);
    Outgoing outgoing = OutgoingTo(url, std::move(request));
    outgoing.stall_timeout = stall;
    return SubmitAndWait(transport_, std::move(outgoing));
  }

  base::ServiceClock clock_;
  CurlTransport transport_{clock_};
};

TEST_F(FormFileTest, SendsOnePartWithNameTypeAndBytes) {
  RawServer server([](const RawServer::Request&) { return Answer(200, R"({"id":"f1"})"); });
  const std::string content = "RIFF\r\n--\r\n" + std::string(300'000, '\0') + "end";
  const HttpAnswer answer = Send(server.url(), FileOf(content));
  EXPECT_EQ(answer.http_status, 200);
  EXPECT_TRUE(answer.request_left);
  EXPECT_EQ(answer.body, R"({"id":"f1"})");
  ASSERT_THAT(server.requests(), SizeIs(1));
  const RawServer::Request request = server.requests().front();
  EXPECT_EQ(request.method, "POST");
  const std::size_t type = request.head.find("Content-Type: ");
  ASSERT_NE(type, std::string::npos) << request.head;
  const std::string value =
      request.head.substr(type + 14, request.head.find("\r\n", type) - type - 14);
  EXPECT_THAT(value, StartsWith("multipart/form-data; boundary="));
  const auto parts = simulator::ParseForm(value, request.body);
  ASSERT_TRUE(parts.has_value());
  ASSERT_THAT(*parts, SizeIs(1));
  EXPECT_EQ(parts->front().name, "file");
  EXPECT_EQ(parts->front().content, content);
  EXPECT_THAT(request.body.substr(0, 400), HasSubstr("Content-Type: audio/wav"));
  EXPECT_THAT(request.body.substr(0, 400), HasSubstr("filename=\"hold %22x%22.wav\""));
}

TEST_F(FormFileTest, EndsWhenTheFileCannotBeReadToItsEnd) {
  RawServer server([](const RawServer::Request&) { return Answer(200, "{}"); });
  const std::string content(500'000, 'a');
  const HttpAnswer answer = Send(server.url(), FileOf(content, 200'000));
  EXPECT_EQ(answer.code, CURLE_ABORTED_BY_CALLBACK);
  EXPECT_TRUE(answer.request_left);
  EXPECT_TRUE(server.WaitForHeadsWithoutBody(1));
  EXPECT_THAT(server.requests(), SizeIs(0));
}

TEST_F(FormFileTest, SendsNothingTwiceWhenItIsCut) {
  RawServer server([](const RawServer::Request&) { return Answer(200, "{}"); });
  server.ResetAfter(1'000'000);
  std::string content;
  content.resize(20'000'000, 'a');
  std::int64_t last = 0;
  FormFile file = FileOf(content);
  file.read = [&last, read = file.read](std::int64_t offset, char* buffer, std::size_t bytes) {
    EXPECT_GE(offset, last);
    last = offset;
    return read(offset, buffer, bytes);
  };
  const HttpAnswer answer = Send(server.url(), std::move(file));
  EXPECT_NE(answer.code, CURLE_OK);
  EXPECT_EQ(answer.http_status, 0);
  EXPECT_LT(last, 20'000'000 - 1);
}

TEST_F(FormFileTest, GivesUpWhenNoByteFlows) {
  // Takes the whole form and never answers.
  RawServer server([](const RawServer::Request&) { return RawServer::Reply{}; });
  const std::string content = "RIFF";
  const HttpAnswer answer = Send(server.url(), FileOf(content), std::chrono::seconds(1));
  EXPECT_EQ(answer.code, CURLE_OPERATION_TIMEDOUT);
  EXPECT_TRUE(answer.request_left);
}

TEST_F(FormFileTest, AsksForAHeadWithoutABody) {
  RawServer server([](const RawServer::Request&) {
    return RawServer::Reply{
        "HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n"
        "Content-Length: 4711\r\n\r\n",
        RawServer::Then::kKeep};
  });
  Outgoing outgoing;
  outgoing.request = {Method::kHead, "/hold.mp3", "", false};
  outgoing.base_url = server.url();
  outgoing.loopback = true;
  outgoing.connect_timeout = std::chrono::seconds(5);
  outgoing.timeout = std::chrono::seconds(20);
  HttpAnswer answer;
  absl::Notification done;
  transport_.Submit(std::move(outgoing), [&](HttpAnswer given) {
    answer = std::move(given);
    done.Notify();
  });
  done.WaitForNotification();
  EXPECT_EQ(answer.code, CURLE_OK);
  EXPECT_EQ(answer.http_status, 200);
  EXPECT_EQ(answer.content_type, "audio/mpeg");
  EXPECT_EQ(answer.content_length, 4711);
  EXPECT_EQ(server.Count("HEAD", "/hold.mp3"), 1U);
}

}  // namespace
}  // namespace callbridge::provider
