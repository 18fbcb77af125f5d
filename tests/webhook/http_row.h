// What RFC 9110 and RFC 9112 ask of a server that takes requests: one row for each rule, with one
// raw request and what must come back. A row sends its bytes on a connection of its own.
#pragma once

#include <absl/strings/str_format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/webhook/http_client.h"
#include "tests/webhook/running_listener.h"

namespace callbridge::webhook {

enum class After { kOpen, kClosed };

struct Row {
  // Of the test.
  std::string name;
  // The section that asks for it.
  std::string rule;
  std::string request;
  // The statuses of all answers.
  std::vector<int> answers;
  After after = After::kOpen;
  // What the last answer must carry besides. Empty: nothing.
  std::string header = {};
  std::string value = {};
};

inline std::string HeadOf(const std::string& first_line, const std::string& headers) {
  return first_line + "\r\n" + headers + "\r\n";
}

// A POST of the webhook with these headers beside Host, credentials and length.
inline std::string PostWith(const std::string& headers) {
  return Post(kPath, Credentials() + headers, kBody);
}

// A POST of a body that is already framed.
inline std::string Framed(const std::string& headers, const std::string& framed_body,
                          const std::string& version = "HTTP/1.1") {
  return HeadOf("POST /infobip/events " + version, "Host: test\r\n" + Credentials() + headers) +
         framed_body;
}

inline std::string InOneChunk(std::string_view body = kBody) {
  return absl::StrFormat("%x\r\n%s\r\n0\r\n\r\n", body.size(), std::string(body));
}

inline std::string LengthOfBody() {
  return absl::StrFormat("Content-Length: %d\r\n", kBody.size());
}

using RowGroups = std::vector<std::pair<std::string, std::vector<Row>>>;

// Each row's name with its group's before it.
inline std::vector<Row> AllRows(const RowGroups& groups) {
  std::vector<Row> all;
  for (const auto& [group, rows] : groups) {
    for (Row row : rows) {
      row.name = group + row.name;
      all.push_back(std::move(row));
    }
  }
  return all;
}

inline std::string NameOf(const testing::TestParamInfo<Row>& row) { return row.param.name; }

inline void ExpectAnswers(const Row& row) {
  SCOPED_TRACE("RFC " + row.rule);
  RunningListener running;
  HttpClient client(running.port());
  client.Send(row.request);
  HttpAnswer last;
  const bool head_only = row.request.starts_with("HEAD");
  for (const int status : row.answers) {
    last = client.Receive(head_only);
    EXPECT_EQ(last.status, status);
    // §6.6.1 of RFC 9110: every answer but 1xx has a date.
    EXPECT_EQ(last.headers.count("date"), status == 100 ? 0u : 1u);
  }
  if (!row.header.empty()) {
    EXPECT_EQ(last.headers[row.header], row.value);
  }
  if (row.after == After::kClosed) {
    EXPECT_TRUE(client.AwaitClose());
  } else {
    client.Send(Get("/livez"));
    EXPECT_EQ(client.Receive().body, R"({"live":true})");
  }
}

}  // namespace callbridge::webhook
