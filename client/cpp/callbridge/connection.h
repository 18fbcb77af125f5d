// Makes a gRPC channel to Callbridge with the settings of a long-lived client. Dead peers are
// noticed, the delay between reconnects stays short, and a page of sessions fits. It does not wait
// for the server.
#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <optional>
#include <string>

namespace callbridge::client {

// The texts of PEM files for mutual TLS.
struct Tls {
  // The certificate of the authority that signed the server's certificate. Empty means the
  // authorities of the system.
  std::string authority;
  // The client's own certificate. Empty means that the client presents none.
  std::string certificate;
  // The key of the client's certificate. Empty if there is no certificate.
  std::string key;
};

struct ConnectionOptions {
  // The server's address: "host:port", "[::1]:50051" or "unix:/run/callbridge/api.sock".
  std::string address = "127.0.0.1:50051";
  // Absent means plain text, which is for loopback, Unix sockets and protected networks only.
  std::optional<Tls> tls;
};

// Returns at once. While the server is away, calls fail with UNAVAILABLE. All users in a process
// should share one channel.
std::shared_ptr<grpc::Channel> Connect(const ConnectionOptions& options);

}  // namespace callbridge::client
