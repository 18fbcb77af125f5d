// The channel over mutual TLS, against a server of this process.
#include "callbridge/connection.h"

#include <absl/strings/str_cat.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "callbridge/client.h"
#include "callbridge/v1/bridge_service.grpc.pb.h"
#include "tests/api/certificates.h"

namespace callbridge::client {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Every method of it answers UNIMPLEMENTED, which shows that the client was let in.
class TlsServer {
 public:
  explicit TlsServer(const tests::Certificates& certificates) {
    const config::v1::Tls files = certificates.ServerFiles();
    grpc::SslServerCredentialsOptions options(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    options.pem_root_certs = certificates.authority();
    options.pem_key_cert_pairs.push_back(
        {ReadAll(files.key_file()), ReadAll(files.certificate_file())});
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address_, grpc::SslServerCredentials(options));
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
  }

  absl::StatusCode Ask(const Tls& tls) const {
    CallOptions options;
    options.attempts_max = 1;
    Client client(Connect({address_, tls}), options);
    return client.GetSession("s_1").status().code();
  }

 private:
  // The name of a Unix socket is "localhost" to gRPC, as the certificate says, and needs no
  // look-up.
  const std::string address_ =
      absl::StrCat("unix:", std::string(std::filesystem::temp_directory_path() / "callbridge-cli-"),
                   getpid(), ".sock");
  v1::BridgeService::Service service_;
  std::unique_ptr<grpc::Server> server_;
};

TEST(Connect, ShowsItsCertificateToAServerOfItsAuthority) {
  const tests::Certificates certificates;
  const TlsServer server(certificates);
  Tls tls{certificates.authority(), certificates.client_certificate(), certificates.client_key()};
  EXPECT_EQ(server.Ask(tls), absl::StatusCode::kUnimplemented);
  // A server that an authority of the system has not signed is not trusted.
  Tls without_authority = tls;
  without_authority.authority.clear();
  EXPECT_EQ(server.Ask(without_authority), absl::StatusCode::kUnavailable);
  Tls without_certificate = tls;
  without_certificate.certificate.clear();
  without_certificate.key.clear();
  EXPECT_EQ(server.Ask(without_certificate), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace callbridge::client
