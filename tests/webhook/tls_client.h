// A client that speaks TLS to the ingress: with the versions and the certificate that a test says,
// and with exactly the bytes that it is given.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tests/api/certificates.h"

namespace callbridge::webhook {

struct TlsClientOptions {
  // What the server's certificate must come from. Null: any certificate is taken.
  const tests::Certificates* authority = nullptr;
  // Whose client certificate is presented. Null: none.
  const tests::Certificates* client = nullptr;
  // The highest version that is offered, like TLS1_2_VERSION. 0: all.
  int version_max = 0;
};

class TlsClient {
 public:
  // Connects to 127.0.0.1 and shakes hands.
  explicit TlsClient(std::uint16_t port, const TlsClientOptions& options = {});
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  // The handshake has succeeded. With TLS 1.3 a client learns only later that its certificate was
  // refused.
  bool connected() const { return connected_; }
  void Send(std::string_view bytes);
  // The status of the next answer, which has no body or a short one. 0: the connection ended, or
  // nothing came for ten seconds.
  int Receive();
  // The other side has closed the connection in the way of TLS, and sent nothing before.
  bool AwaitClose();

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
  bool connected_ = false;
};

}  // namespace callbridge::webhook
