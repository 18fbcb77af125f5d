// Throw-away certificates for mutual TLS on the loopback: an authority, a server "localhost" and a
// client "billing". Made anew each time, kept in a folder that goes with the object.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "callbridge/config/v1/settings.pb.h"

namespace callbridge::tests {

class Certificates {
 public:
  // life: from now on; below zero: the server's certificate has expired.
  explicit Certificates(std::chrono::seconds life = std::chrono::hours(24));
  ~Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  config::v1::Tls ServerFiles() const;
  // The same for the ingress, which asks for no client certificate.
  config::v1::WebhookTls IngressFiles() const;
  // PEM.
  const std::string& authority() const { return authority_; }
  const std::string& client_certificate() const { return client_certificate_; }
  const std::string& client_key() const { return client_key_; }

 private:
  std::filesystem::path folder_;
  std::string authority_;
  std::string client_certificate_;
  std::string client_key_;
};

}  // namespace callbridge::tests
