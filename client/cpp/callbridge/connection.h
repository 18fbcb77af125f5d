// A gRPC channel to Callbridge with the settings that a long-lived client needs: dead peers are
// noticed, reconnecting does not slow down to minutes, and a page of sessions fits. It does not
// wait for the server to be there.
#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <optional>
#include <string>

namespace callbridge::client {

// Mutual TLS. The texts of PEM files.
struct Tls {
  // Of the authority that signed the server's certificate. Empty: the system's.
  std::string authority;
  // The client's own. Empty: none is shown.
  std::string certificate;
  std::string key;
};

struct ConnectionOptions {
  // "host:port", "[::1]:50051" or "unix:/run/callbridge/api.sock".
  std::string address = "127.0.0.1:50051";
  // Absent: plain text, for loopback, Unix sockets and protected networks only.
  std::optional<Tls> tls;
};

// Returns at once; a server that is away shows as UNAVAILABLE in the calls. Share one channel
// between all users of a process.
std::shared_ptr<grpc::Channel> Connect(const ConnectionOptions& options);

}  // namespace callbridge::client
