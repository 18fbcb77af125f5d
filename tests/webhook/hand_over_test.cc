// The ingress and the server's inbox connected as they are in production: HTTP, gRPC and the store.
#include <absl/strings/escaping.h>
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "callbridge/internal/v1/inbox_service.grpc.pb.h"
#include "server/base/counters.h"
#include "server/base/ingress_limits.h"
#include "server/base/limits.h"
#include "server/base/version.h"
#include "tests/webhook/answers.h"
#include "tests/webhook/http_client.h"
#include "tests/webhook/inbox_server.h"
#include "webhook/grpc_inbox_sink.h"
#include "webhook/listener.h"

namespace callbridge::webhook {
namespace {

using absl::StatusCode;
using testing::Each;
using testing::ElementsAre;
using testing::SizeIs;

const base::Time kNow = base::Time(std::chrono::seconds(1'768'478'400));

std::vector<internal::v1::InboxItem> Event(const std::string& call_id) {
  auto items = Named({"CALL_RINGING"});
  items[0].mutable_event()->set_call_id(call_id);
  return items;
}

TEST(GrpcInboxSink, DeliversToTheServer) {
  InboxServer server;
  server.Start();
  Answers answers;
  const auto sink = MakeGrpcInboxSink(server.address());
  sink->Append(Event("c1"), answers.Next("1"));
  EXPECT_THAT(answers.Await(1), ElementsAre(StatusCode::kOk));
  EXPECT_EQ(server.counters().parked, 1);
  EXPECT_TRUE(sink->ready());
}

TEST(GrpcInboxSink, HoldsWhileTheServerRestarts) {
  InboxServer server;
  Answers answers;
  const auto sink = MakeGrpcInboxSink(server.address());
  sink->Append(Event("c1"), answers.Next("1"));
  server.Start();
  EXPECT_THAT(answers.Await(1), ElementsAre(StatusCode::kOk));
  server.Stop();
  sink->Append(Event("c2"), answers.Next("2"));
  server.Start();
  EXPECT_THAT(answers.Await(2), ElementsAre(StatusCode::kOk, StatusCode::kOk));
  EXPECT_EQ(server.counters().parked, 2);
}

TEST(GrpcInboxSink, GivesUpWhenTheServerStaysAway) {
  InboxServer server;
  Answers answers;
  const auto sink = MakeGrpcInboxSink(server.address(), {.hold = std::chrono::milliseconds(200)});
  sink->Append(Event("c1"), answers.Next("1"));
  EXPECT_THAT(answers.Await(1), ElementsAre(StatusCode::kUnavailable));
  EXPECT_FALSE(sink->ready());
}

// Whoever accepts the connection and never speaks is no server: an attempt that waited for it until
// the deadline of its webhooks would hold up the ingress' end for as long.
TEST(GrpcInboxSink, LooksForTheServerForAMomentOnly) {
  boost::asio::io_context io_context;
  boost::asio::ip::tcp::acceptor silent(io_context, {boost::asio::ip::address_v4::loopback(), 0});
  constexpr std::chrono::seconds kLong{20};
  auto sink = MakeGrpcInboxSink("127.0.0.1:" + std::to_string(silent.local_endpoint().port()),
                                {.hold = kLong, .probe = kLong});
  // From now on an attempt is under way.
  const boost::asio::ip::tcp::socket connection = silent.accept();
  const auto begin = std::chrono::steady_clock::now();
  sink.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kLong / 2);
}

// What piled up while the server was away, each event of the reference's larger kind.
void HoldABacklog(InboxSink& sink, int requests, Answers& answers) {
  for (int i = 0; i < requests; ++i) {
    auto items = Event("call-" + std::to_string(i));
    items[0].mutable_event()->mutable_call()->set_caller_name(std::string(1'500, 'x'));
    sink.Append(std::move(items), answers.Next(std::to_string(i)));
  }
}

TEST(GrpcInboxSink, HandsOverTheLargestBacklogThatItHolds) {
  InboxServer server;
  Answers answers;
  const auto sink = MakeGrpcInboxSink(server.address());
  HoldABacklog(*sink, base::kHandOverRequestsMax, answers);
  server.Start();
  EXPECT_THAT(answers.Await(base::kHandOverRequestsMax), Each(StatusCode::kOk));
  EXPECT_EQ(server.counters().parked, base::kHandOverRequestsMax);
}

TEST(GrpcInboxSink, HandsABacklogOverToAServerThatTakesSmallerMessages) {
  InboxServer server;
  Answers answers;
  const auto sink = MakeGrpcInboxSink(server.address());
  HoldABacklog(*sink, base::kHandOverRequestsMax, answers);
  server.Start(base::kApiRequestBytesMax);
  EXPECT_THAT(answers.Await(base::kHandOverRequestsMax), Each(StatusCode::kOk));
  EXPECT_EQ(server.counters().parked, base::kHandOverRequestsMax);
}

TEST(InboxService, RefusesTooLargeBatchesAndPages) {
  InboxServer server;
  server.Start();
  const auto stub = internal::v1::InboxService::NewStub(
      grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()));
  const auto deadline = std::chrono::system_clock::now() + std::chrono::seconds(10);
  internal::v1::AppendRequest batch;
  for (int i = 0; i <= base::kInboxBatchMax; ++i) batch.add_items()->mutable_event();
  {
    grpc::ClientContext context;
    context.set_deadline(deadline);
    internal::v1::AppendResponse response;
    EXPECT_EQ(stub->Append(&context, batch, &response).error_code(),
              grpc::StatusCode::INVALID_ARGUMENT);
  }
  for (const int size : {-1, 1'001}) {
    grpc::ClientContext context;
    context.set_deadline(deadline);
    internal::v1::ListQuarantineRequest request;
    request.set_page_size(size);
    internal::v1::ListQuarantineResponse response;
    EXPECT_EQ(stub->ListQuarantine(&context, request, &response).error_code(),
              grpc::StatusCode::INVALID_ARGUMENT);
  }
}

TEST(InboxService, TellsWhatTheServerIsDoingAndWhatItCounted) {
  InboxServer server;
  server.Start();
  internal::v1::InboxItem item;
  item.mutable_quarantined()->set_error("no object");
  ASSERT_TRUE(server.store().Quarantine({item}, base::Time{}).ok());
  const auto stub = internal::v1::InboxService::NewStub(
      grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  internal::v1::GetStatusResponse response;
  const grpc::Status status = stub->GetStatus(&context, {}, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.version(), base::Version());
  EXPECT_EQ(response.quarantined_webhooks(), 1);
  EXPECT_EQ(response.store_error(), "");
  EXPECT_GT(response.current_time().seconds(), 0);
  // It is in memory.
  EXPECT_FALSE(response.has_database_bytes() || response.has_wal_bytes() ||
               response.has_free_disk_bytes());
  const auto counted = base::CountersNow();
  ASSERT_EQ(static_cast<std::size_t>(response.counters_size()), counted.size());
  for (std::size_t i = 0; i < counted.size(); ++i) {
    const internal::v1::Counter& counter = response.counters(static_cast<int>(i));
    EXPECT_EQ(counter.name(), counted[i].name);
    EXPECT_EQ(counter.meaning(), counted[i].meaning);
    EXPECT_NE(counter.kind(), internal::v1::Counter::KIND_UNSPECIFIED);
  }
  const auto ahead =
      std::find_if(response.counters().begin(), response.counters().end(),
                   [](const auto& counter) { return counter.name() == "clock_system_ahead_ms"; });
  ASSERT_NE(ahead, response.counters().end());
  EXPECT_EQ(ahead->value(), -3'599);
}

TEST(Ingress, StoresEachWebhookOnceAndShowsWhatItCouldNotRead) {
  InboxServer server;
  server.Start();
  const auto sink = MakeGrpcInboxSink(server.address());
  HmacScheme scheme;
  scheme.header = "X-Ib-Hmac-Signature";
  scheme.prefix = "SHA256=";
  scheme.secrets = {"Jefe"};
  const auto authenticator = *MakeHmacAuthenticator(scheme);
  const base::ManualClock clock(kNow);
  boost::asio::io_context io_context;
  const auto listener = *MakeListener(io_context, {}, *authenticator, *sink, clock);
  const std::jthread thread([&io_context] { io_context.run(); });

  // RFC 4231, test case 2: authentic, and no JSON.
  const std::string signature =
      "X-IB-HMAC-SIGNATURE: SHA256=5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843"
      "\r\n";
  {
    HttpClient client(listener->port());
    client.Send(Post("/infobip/events", signature, "what do ya want for nothing?"));
    EXPECT_EQ(client.Receive().status, 200);
    client.Send(Post("/infobip/events", signature, "what do ya want for something?"));
    EXPECT_EQ(client.Receive().status, 401);
  }
  listener->Drain();

  const auto stub = internal::v1::InboxService::NewStub(
      grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  internal::v1::ListQuarantineResponse response;
  const grpc::Status status = stub->ListQuarantine(&context, {}, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_THAT(response.items(), SizeIs(1));
  EXPECT_EQ(response.total(), 1);
  EXPECT_EQ(response.items(0).body(), "what do ya want for nothing?");
  EXPECT_EQ(base::FromTimestamp(response.items(0).receive_time()), kNow);
}

TEST(Ingress, StoresARepeatedWebhookOnce) {
  InboxServer server;
  server.Start();
  const auto sink = MakeGrpcInboxSink(server.address());
  const auto authenticator = *MakeOpenAuthenticator("test");
  const base::ManualClock clock(kNow);
  boost::asio::io_context io_context;
  const auto listener = *MakeListener(io_context, {}, *authenticator, *sink, clock);
  const std::jthread thread([&io_context] { io_context.run(); });
  const std::string body =
      R"({"type":"CALL_RECEIVED","callId":"c1","timestamp":"2026-01-15T12:00:00.000+0000",)"
      R"("properties":{"call":{"to":"442079460001","direction":"INBOUND"}}})";
  {
    HttpClient client(listener->port());
    for (int i = 0; i < 3; ++i) {
      client.Send(Post("/infobip/events", "", body));
      EXPECT_EQ(client.Receive().status, 200);
    }
  }
  listener->Drain();
  EXPECT_EQ(server.counters().stored, 1);
  EXPECT_EQ(server.counters().duplicates, 2);
  const auto sessions = server.store().NextSessions(kNow, 10, false);
  ASSERT_TRUE(sessions.ok());
  EXPECT_THAT(*sessions, SizeIs(1));
}

}  // namespace
}  // namespace callbridge::webhook
