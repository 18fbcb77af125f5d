// Every status code that a call or a stream may end with, every suggestion beside it, and every
// place that a stream may break at.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "callbridge/client.h"
#include "callbridge/error_details.h"
#include "callbridge/subscriber.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/cli/fake_service.h"
#include "tests/cli/notebook.h"
#include "tests/cli/status.h"

namespace callbridge::client {
namespace {

using grpc::StatusCode;
using std::chrono::hours;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr int kLastCode = 16;

CallOptions QuickCalls() {
  CallOptions options;
  options.backoff = {milliseconds(1), milliseconds(2)};
  return options;
}

using CallMethod = std::function<absl::Status(Client&)>;

std::vector<CallMethod> AllMethods() {
  return {[](Client& client) {
            v1::StartBridgeRequest request;
            request.set_request_id("r1");
            return client.StartBridge(request).status();
          },
          [](Client& client) { return client.GetSession("s_1").status(); },
          [](Client& client) { return client.ListSessions({}).status(); },
          [](Client& client) { return client.EndSession("s_1", "done").status(); }};
}

TEST(EveryCode, OfACallIsRepeatedOnlyIfTheServerWasNotThere) {
  for (const CallMethod& method : AllMethods()) {
    for (int number = 1; number <= kLastCode; ++number) {
      const auto code = static_cast<StatusCode>(number);
      const bool repeated =
          code == StatusCode::UNAVAILABLE || code == StatusCode::DEADLINE_EXCEEDED;
      // A suggestion changes when it is repeated, not whether.
      for (const bool suggested : {false, true}) {
        FakeService service;
        service.AddFailure(suggested ? MakeError(code, "R", milliseconds(1))
                                     : MakeError(code, "R"));
        Client client(service.channel(), QuickCalls());
        const absl::Status status = method(client);
        EXPECT_EQ(static_cast<int>(status.code()), repeated ? 0 : number);
        EXPECT_THAT(service.deadlines(), SizeIs(repeated ? 2 : 1)) << number;
      }
    }
  }
}

TEST(EveryNumberOfAttempts, IsKept) {
  for (const int attempts : {1, 2, 3, 6}) {
    for (const int failures : {attempts - 1, attempts, attempts + 1}) {
      FakeService service;
      for (int i = 0; i < failures; ++i) {
        service.AddFailure(MakeError(StatusCode::UNAVAILABLE, "DRAINING"));
      }
      CallOptions options = QuickCalls();
      options.attempts_max = attempts;
      Client client(service.channel(), options);
      EXPECT_EQ(client.GetSession("s_1").ok(), failures < attempts);
      EXPECT_THAT(service.deadlines(),
                  SizeIs(static_cast<std::size_t>(std::min(failures + 1, attempts))));
    }
  }
}

// The longer of the two delays, whichever it is: one of an hour does not fit into the call's time.
TEST(EveryDelay, IsTheLongerOfTheBackoffAndTheSuggestion) {
  struct Row {
    milliseconds backoff;
    std::optional<milliseconds> suggested;
    bool repeated;
  };
  for (const Row& row :
       {Row{milliseconds(1), std::nullopt, true}, Row{milliseconds(1), milliseconds(0), true},
        Row{milliseconds(1), milliseconds(5), true}, Row{milliseconds(1), hours(1), false},
        Row{hours(2), std::nullopt, false}, Row{hours(2), milliseconds(1), false},
        Row{hours(2), hours(1), false}}) {
    FakeService service;
    service.AddFailure(MakeError(StatusCode::UNAVAILABLE, "DRAINING", row.suggested));
    CallOptions options = QuickCalls();
    options.backoff = {row.backoff, row.backoff};
    Client client(service.channel(), options);
    EXPECT_EQ(client.GetSession("s_1").ok(), row.repeated);
    EXPECT_THAT(service.deadlines(), SizeIs(row.repeated ? 2 : 1));
  }
}

TEST(EveryAttempt, HasTheShorterOfItsOwnTimeAndTheCalls) {
  for (const auto& [call, attempt] : {std::pair{milliseconds(60'000), milliseconds(3'000)},
                                      std::pair{milliseconds(3'000), milliseconds(60'000)}}) {
    FakeService service;
    CallOptions options = QuickCalls();
    options.timeout = call;
    options.attempt_timeout = attempt;
    Client client(service.channel(), options);
    ASSERT_TRUE(client.GetSession("s_1").ok());
    ASSERT_THAT(service.deadlines(), SizeIs(1));
    // gRPC rounds deadlines up on their way.
    EXPECT_LE(service.deadlines()[0], milliseconds(3'500));
  }
}

SubscriberOptions QuickStreams() {
  SubscriberOptions options;
  options.backoff = {milliseconds(1), milliseconds(2)};
  return options;
}

v1::StreamEventsRequest FollowOne(v1::StartPosition position) {
  v1::StreamEventsRequest request;
  request.set_session_id("s_1");
  request.set_position(position);
  return request;
}

v1::StreamEventsResponse TheEnd() { return EndedMessage(9, v1::Outcome::RESULT_COMPLETED); }

// Whatever the code: a server that says when to come again, or that the reader was slow, means it.
TEST(EveryCode, OfAStreamIsResumedIfTheServerSaysSo) {
  for (int number = 1; number <= kLastCode; ++number) {
    const auto code = static_cast<StatusCode>(number);
    for (const grpc::Status& error :
         {MakeError(code, "READER_STALLED"), MakeError(code, "ANY", milliseconds(7)),
          MakeError(code, "READER_STALLED", milliseconds(0))}) {
      FakeService service;
      service.AddStream({{EventMessage(1)}, false, error});
      service.AddStream({{TheEnd()}, false, grpc::Status::OK});
      Notebook notebook;
      EXPECT_TRUE(Subscriber(service.channel(), QuickStreams())
                      .Run(FollowOne(v1::START_POSITION_BEGINNING), notebook, {})
                      .ok());
      EXPECT_THAT(notebook.lines, ElementsAre("event 1", "lost", "resumed after 1", "event 9"))
          << number;
      const auto suggested = DetailsOf(ToAbslStatus(error)).retry_delay;
      EXPECT_GE(notebook.interruptions.at(0).delay, suggested.value_or(milliseconds(0)));
      EXPECT_EQ(static_cast<int>(notebook.interruptions[0].cause.code()), number);
    }
  }
}

// What came before the break, by the position that was asked for: only a token or the beginning
// leaves no gap.
TEST(EveryStart, IsResumedWithoutAGapOnlyByATokenOrFromTheBeginning) {
  v1::StreamEventsResponse snapshot;
  snapshot.mutable_snapshot()->set_session_id("s_1");
  v1::StreamEventsResponse unknown_kind;
  unknown_kind.set_resume_token("token-u");
  struct Before {
    std::vector<v1::StreamEventsResponse> messages;
    std::string token;
    int sequence = 0;
  };
  for (const auto position : {v1::START_POSITION_UNSPECIFIED, v1::START_POSITION_NOW,
                              v1::START_POSITION_BEGINNING, v1::START_POSITION_SNAPSHOT}) {
    for (const std::string given : {"", "token-given"}) {
      for (const Before& before : std::vector<Before>{
               {{}, "", 0},
               {{snapshot}, "", 0},
               {{unknown_kind}, "token-u", 0},
               {{BookmarkMessage(v1::Bookmark::KIND_SNAPSHOT_COMPLETE, "token-b")}, "token-b", 0},
               {{EventMessage(3)}, "token-3", 3},
               {{EventMessage(3), unknown_kind}, "token-u", 3},
               {{EventMessage(3), EventMessage(2)}, "token-2", 3},
               {{EventMessage(3), snapshot}, "token-3", 3}}) {
        FakeService service;
        service.AddStream({before.messages, false, {StatusCode::UNAVAILABLE, ""}});
        service.AddStream({{TheEnd()}, false, grpc::Status::OK});
        v1::StreamEventsRequest request = FollowOne(position);
        if (!given.empty()) request.set_resume_token(given);
        Notebook notebook;
        EXPECT_TRUE(Subscriber(service.channel(), QuickStreams()).Run(request, notebook, {}).ok());
        const std::string token = before.token.empty() ? given : before.token;
        ASSERT_THAT(service.stream_requests(), SizeIs(2));
        EXPECT_EQ(service.stream_requests()[1].resume_token(), token);
        const bool whole = !token.empty() || position == v1::START_POSITION_BEGINNING;
        EXPECT_EQ(notebook.lines.at(notebook.lines.size() - 2),
                  (whole ? "resumed after " : "gap after ") + std::to_string(before.sequence))
            << position << " " << given << " " << before.token;
      }
    }
  }
}

// Four events in each of their orders, and all of them again after the break.
TEST(EveryOrderOfEvents, DeliversWhatIsNewerThanAllBeforeOnce) {
  std::vector<int> order = {1, 2, 4, 7};
  do {
    FakeService service;
    StreamScript script;
    std::vector<std::string> expected;
    int last = 0;
    for (const int sequence : order) {
      script.messages.push_back(EventMessage(sequence));
      if (sequence > last) expected.push_back("event " + std::to_string(sequence));
      last = std::max(last, sequence);
    }
    script.status = {StatusCode::UNAVAILABLE, ""};
    service.AddStream(script);
    script.messages.push_back(TheEnd());
    script.status = grpc::Status::OK;
    service.AddStream(script);
    expected.insert(expected.end(), {"lost", "resumed after 7", "event 9"});
    Notebook notebook;
    EXPECT_TRUE(Subscriber(service.channel(), QuickStreams())
                    .Run(FollowOne(v1::START_POSITION_BEGINNING), notebook, {})
                    .ok());
    EXPECT_EQ(notebook.lines, expected);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(EveryOrderOfDetails, IsReadAlike) {
  google::rpc::ErrorInfo info;
  info.set_reason("TOO_MANY_SESSIONS");
  (*info.mutable_metadata())["limit"] = "8";
  google::rpc::BadRequest bad_request;
  bad_request.add_field_violations()->set_field("callees");
  google::rpc::RetryInfo retry;
  std::vector<int> order = {0, 1, 2};
  do {
    for (const auto& [whole, nanos, expected] :
         std::vector<std::tuple<int, int, int>>{{0, 0, 0},
                                                {0, 999'999, 0},
                                                {0, 1'000'000, 1},
                                                {0, 999'000'000, 999},
                                                {1, 0, 1'000},
                                                {2, 500'000'000, 2'500},
                                                {600, 0, 600'000}}) {
      retry.mutable_retry_delay()->set_seconds(whole);
      retry.mutable_retry_delay()->set_nanos(nanos);
      google::rpc::Status rpc_status;
      for (const int detail : order) {
        google::protobuf::Any& any = *rpc_status.add_details();
        if (detail == 0) any.PackFrom(info);
        if (detail == 1) any.PackFrom(bad_request);
        if (detail == 2) any.PackFrom(retry);
      }
      const ErrorDetails details = DetailsOf(
          ToAbslStatus({StatusCode::RESOURCE_EXHAUSTED, "x", rpc_status.SerializeAsString()}));
      EXPECT_EQ(details.reason, "TOO_MANY_SESSIONS");
      EXPECT_EQ(details.metadata.at("limit"), "8");
      ASSERT_THAT(details.field_violations, SizeIs(1));
      EXPECT_EQ(details.field_violations[0].field, "callees");
      EXPECT_EQ(details.retry_delay, milliseconds(expected));
    }
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(EveryCode, ButOutOfRangeWithItsReasonIsNoExpiredToken) {
  for (int number = 1; number <= kLastCode; ++number) {
    const auto code = static_cast<StatusCode>(number);
    for (const std::string reason : {"RESUME_TOKEN_EXPIRED", "RESUME_TOKEN_EXPIRE", "OTHER", ""}) {
      EXPECT_EQ(IsResumeTokenExpired(ToAbslStatus(MakeError(code, reason))),
                code == StatusCode::OUT_OF_RANGE && reason == "RESUME_TOKEN_EXPIRED")
          << number << " " << reason;
    }
  }
}

}  // namespace
}  // namespace callbridge::client
