#include "server/api/server.h"

#include <absl/strings/str_format.h>
#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <string>
#include <thread>
#include <utility>

#include "callbridge/internal/v1/inbox_service.grpc.pb.h"
#include "server/admission/room.h"
#include "server/base/ingress_limits.h"
#include "server/settings/plan_resolution.h"
#include "server/settings/session_settings.h"
#include "tests/api/api_world.h"
#include "tests/api/certificates.h"
#include "tests/api/error_reading.h"

namespace callbridge {
namespace {

using std::chrono::seconds;
using tests::SessionName;

struct Parts {
  tests::Story story;
  config::v1::Settings settings = tests::TestSettings();
  base::SeededRandomBits random_bits{7};
  tests::ApiWorld::Rates rates;
  internal::v1::Timing timing = settings::MakeSessionSettings(settings, "default").timing();
  admission::Room room{{story.store(), rates, settings.limits(), timing, {}}};

  absl::StatusOr<std::unique_ptr<api::Server>> Start() {
    return api::Server::Start({story.store(), settings, story.clock(), random_bits, room});
  }
};

TEST(Server, DrainsAStreamWithATokenAndThenTakesNothing) {
  Parts parts;
  parts.story.Begin(SessionName(1));
  const auto server = parts.Start();
  ASSERT_TRUE(server.ok()) << server.status();
  ASSERT_NE((*server)->port(), 0);
  const auto stub = tests::Connect((*server)->port());
  tests::OpenStream stream(*stub, {});
  ASSERT_TRUE(stream.NextBookmark(v1::Bookmark::KIND_CAUGHT_UP).has_value());
  const auto begin = std::chrono::steady_clock::now();
  (*server)->Drain(seconds(30));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(15));
  EXPECT_EQ((*server)->open_streams(), 0);
  ASSERT_TRUE(stream.NextBookmark(v1::Bookmark::KIND_CLOSING).has_value());
  EXPECT_FALSE(stream.last_token().empty());
  EXPECT_EQ(tests::ReasonOf(stream.Finish()), "DRAINING");
  grpc::ClientContext context;
  tests::SetDeadline(context);
  v1::GetSessionResponse response;
  v1::GetSessionRequest request;
  request.set_session_id(SessionName(1));
  EXPECT_EQ(stub->GetSession(&context, request, &response).error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

TEST(Server, WaitsForACallThatIsBeingAnsweredWhenItDrains) {
  Parts parts;
  const auto server = parts.Start();
  ASSERT_TRUE(server.ok()) << server.status();
  const auto stub = tests::Connect((*server)->port());
  auto answered = std::async(std::launch::async, [&] {
    grpc::ClientContext context;
    tests::SetDeadline(context);
    v1::StartBridgeResponse response;
    return stub->StartBridge(&context, tests::ClickToCall("r-1"), &response);
  });
  // Nobody answers before a worker begins.
  while (parts.story.store().Count()->waiting_inputs == 0) std::this_thread::yield();
  auto drained = std::async(std::launch::async, [&] { (*server)->Drain(seconds(20)); });
  EXPECT_EQ(drained.wait_for(seconds(1)), std::future_status::timeout);
  const tests::Stepper worker(parts.story.store(), parts.story.clock());
  const grpc::Status status = answered.get();
  EXPECT_TRUE(status.ok()) << status.error_message();
  drained.get();
}

TEST(Server, RefusesAnAddressThatIsInUse) {
  Parts parts;
  const auto first = parts.Start();
  ASSERT_TRUE(first.ok());
  parts.settings.mutable_grpc()->set_listen(absl::StrFormat("127.0.0.1:%d", (*first)->port()));
  const auto second = parts.Start();
  EXPECT_TRUE(absl::IsUnavailable(second.status())) << second.status();
}

TEST(Server, NamesTheTlsFileThatItCannotRead) {
  Parts parts;
  parts.settings.mutable_grpc()->mutable_tls()->set_certificate_file("no-such-file.pem");
  const auto server = parts.Start();
  EXPECT_TRUE(absl::IsInvalidArgument(server.status()));
  EXPECT_NE(server.status().message().find("no-such-file.pem"), std::string::npos);
}

grpc::Status CallOverTls(int port, const grpc::SslCredentialsOptions& options,
                         v1::StartBridgeResponse* response) {
  // The certificate's name without a look-up of it.
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride("localhost");
  const auto stub = v1::BridgeService::NewStub(grpc::CreateCustomChannel(
      absl::StrFormat("127.0.0.1:%d", port), grpc::SslCredentials(options), arguments));
  grpc::ClientContext context;
  tests::SetDeadline(context);
  context.AddMetadata("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  return stub->StartBridge(&context, tests::ClickToCall("r-1"), response);
}

TEST(Server, LetsOnlyThoseInWhoShowACertificateAndRecordsWhoTheyAre) {
  Parts parts;
  const tests::Certificates certificates;
  *parts.settings.mutable_grpc()->mutable_tls() = certificates.ServerFiles();
  const auto server = parts.Start();
  ASSERT_TRUE(server.ok()) << server.status();
  const tests::Stepper worker(parts.story.store(), parts.story.clock());

  v1::StartBridgeResponse response;
  grpc::SslCredentialsOptions stranger;
  stranger.pem_root_certs = certificates.authority();
  EXPECT_EQ(CallOverTls((*server)->port(), stranger, &response).error_code(),
            grpc::StatusCode::UNAVAILABLE);
  grpc::SslCredentialsOptions client = stranger;
  client.pem_cert_chain = certificates.client_certificate();
  client.pem_private_key = certificates.client_key();
  const grpc::Status status = CallOverTls((*server)->port(), client, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.session().trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
  const auto events = parts.story.store().ReadEvents(response.session().session_id(), 0, 1);
  ASSERT_TRUE(events.ok());
  EXPECT_EQ(events->front().session_started().client_identity(), "billing");
}

TEST(Server, ListensOnAUnixSocket) {
  Parts parts;
  const std::string path =
      std::filesystem::temp_directory_path() / absl::StrFormat("callbridge-api-%d.sock", getpid());
  parts.settings.mutable_grpc()->set_listen("unix:" + path);
  const auto server = parts.Start();
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_EQ((*server)->port(), 0);
  const auto stub = v1::BridgeService::NewStub(
      grpc::CreateChannel("unix:" + path, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  tests::SetDeadline(context);
  v1::ListSessionsResponse response;
  EXPECT_TRUE(stub->ListSessions(&context, {}, &response).ok());
}

// A grpc.health.v1.HealthCheckResponse as it goes over the wire.
std::string Health(int port) {
  grpc::GenericStub stub(grpc::CreateChannel(absl::StrFormat("127.0.0.1:%d", port),
                                             grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  tests::SetDeadline(context);
  const grpc::Slice nothing;
  const grpc::ByteBuffer request(&nothing, 1);
  grpc::ByteBuffer response;
  std::promise<grpc::Status> done;
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &request, &response,
                 [&done](grpc::Status status) { done.set_value(std::move(status)); });
  const grpc::Status status = done.get_future().get();
  if (!status.ok()) {
    return status.error_message();
  }
  grpc::Slice slice;
  return response.TrySingleSlice(&slice).ok() ? std::string(slice.begin(), slice.end()) : "none";
}

TEST(GrpcListener, SaysWhetherItServes) {
  tests::ApiWorld world;
  EXPECT_EQ(Health(world.listener->port()), "\x08\x01");
  world.listener->SetNotServing();
  EXPECT_EQ(Health(world.listener->port()), "\x08\x02");
}

// Says how large the batch was by way of an error.
class EmptyInbox final : public internal::v1::InboxService::Service {
 public:
  grpc::Status Append(grpc::ServerContext* /*context*/, const internal::v1::AppendRequest* request,
                      internal::v1::AppendResponse* /*response*/) override {
    return {grpc::StatusCode::ABORTED, std::to_string(request->items_size())};
  }
};

TEST(GrpcListener, ServesAnotherServiceOnAnAddressOfItsOwn) {
  EmptyInbox inbox;
  const auto listener = api::GrpcListener::Start(api::InboxListenOptions("127.0.0.1:0"), {&inbox});
  ASSERT_TRUE(listener.ok());
  const auto channel = grpc::CreateChannel(absl::StrFormat("127.0.0.1:%d", (*listener)->port()),
                                           grpc::InsecureChannelCredentials());
  internal::v1::AppendRequest request;
  request.add_items()->mutable_quarantined()->set_body(std::string(base::kInboxBatchBytesMax, 'x'));
  internal::v1::AppendResponse response;
  {
    grpc::ClientContext context;
    tests::SetDeadline(context);
    const auto stub = internal::v1::InboxService::NewStub(channel);
    EXPECT_EQ(stub->Append(&context, request, &response).error_message(), "1");
  }
  grpc::ClientContext context;
  tests::SetDeadline(context);
  v1::ListSessionsResponse listed;
  EXPECT_EQ(v1::BridgeService::NewStub(channel)->ListSessions(&context, {}, &listed).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST(GrpcListener, RefusesRequestsThatAreTooLarge) {
  tests::ApiWorld world;
  v1::StartBridgeRequest request = tests::ClickToCall("r-1");
  request.mutable_plan()->mutable_greeting()->set_text(std::string(300'000, 'x'));
  v1::StartBridgeResponse response;
  EXPECT_EQ(world.Start(request, &response).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

}  // namespace
}  // namespace callbridge
