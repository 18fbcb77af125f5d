// What stands between a client and the methods: certificates, compression, metadata.
#include <absl/strings/str_format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>

#include "server/base/limits.h"
#include "tests/api/api_world.h"
#include "tests/api/certificates.h"
#include "tests/api/error_reading.h"

namespace callbridge {
namespace {

using tests::ApiWorld;
using tests::Certificates;

// The code of a call on a connection of its own, by somebody with these certificates.
grpc::StatusCode CallWith(int port, const Certificates& certificates) {
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride("localhost");
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = certificates.authority();
  options.pem_cert_chain = certificates.client_certificate();
  options.pem_private_key = certificates.client_key();
  const auto stub = v1::BridgeService::NewStub(grpc::CreateCustomChannel(
      absl::StrFormat("127.0.0.1:%d", port), grpc::SslCredentials(options), arguments));
  grpc::ClientContext context;
  tests::SetDeadline(context);
  v1::ListSessionsResponse response;
  return stub->ListSessions(&context, {}, &response).error_code();
}

TEST(Transport, ShowsAndTrustsRenewedCertificatesWithoutARestart) {
  ApiWorld world;
  const Certificates first;
  const Certificates second;
  api::ListenOptions options;
  options.address = "127.0.0.1:0";
  options.tls = first.ServerFiles();
  options.tls_refresh = std::chrono::seconds(1);
  const auto listener = api::GrpcListener::Start(options, {&world.service});
  ASSERT_TRUE(listener.ok()) << listener.status();
  EXPECT_EQ(CallWith((*listener)->port(), first), grpc::StatusCode::OK);
  EXPECT_EQ(CallWith((*listener)->port(), second), grpc::StatusCode::UNAVAILABLE);
  const config::v1::Tls from = second.ServerFiles();
  for (const auto& [old_file, new_file] :
       {std::pair(options.tls->key_file(), from.key_file()),
        std::pair(options.tls->certificate_file(), from.certificate_file()),
        std::pair(options.tls->client_ca_file(), from.client_ca_file())}) {
    // By rename, as those do who renew.
    std::filesystem::copy_file(new_file, old_file + ".new");
    std::filesystem::rename(old_file + ".new", old_file);
  }
  while (CallWith((*listener)->port(), second) != grpc::StatusCode::OK) {
  }
  EXPECT_EQ(CallWith((*listener)->port(), first), grpc::StatusCode::UNAVAILABLE);
}

TEST(Transport, RefusesACompressedRequestWhateverItWouldInflateTo) {
  ApiWorld world;
  for (const std::size_t bytes :
       {std::size_t{100}, std::size_t{1'000'000}, std::size_t{50'000'000}}) {
    for (const grpc_compression_algorithm algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
      grpc::ClientContext context;
      tests::SetDeadline(context);
      context.set_compression_algorithm(algorithm);
      v1::EndSessionRequest request;
      request.set_reason(std::string(bytes, 'x'));
      v1::EndSessionResponse response;
      const grpc::Status status = world.stub->EndSession(&context, request, &response);
      EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED)
          << bytes << ": " << status.error_message();
    }
  }
  v1::ListSessionsResponse listed;
  EXPECT_TRUE(world.List({}, &listed).ok());
}

TEST(Transport, TakesMetadataUpToItsLimitAndCallsMoreNoBacklog) {
  ApiWorld world;
  const auto list = [&world](std::size_t bytes) {
    grpc::ClientContext context;
    tests::SetDeadline(context);
    context.AddMetadata("baggage", std::string(bytes, 'x'));
    v1::ListSessionsResponse response;
    return world.stub->ListSessions(&context, {}, &response);
  };
  EXPECT_TRUE(list(4'000).ok());
  EXPECT_TRUE(list(7'000).ok());
  const grpc::Status status = list(base::kMetadataBytesMax);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(status.error_details(), "") << "a retry would fail as well";
}

}  // namespace
}  // namespace callbridge
