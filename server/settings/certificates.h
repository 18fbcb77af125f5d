// Judges the TLS files of a process before it listens: a start, or --check-config, says what is
// wrong with them, in the words of the settings. The library of TLS would say it in its own, and
// only when the first client comes.
#pragma once

#include <string>
#include <string_view>

#include "callbridge/config/v1/settings.pb.h"
#include "server/settings/findings.h"

namespace callbridge::settings {

// True if only clients with a certificate of tls.client_ca_file may connect.
bool RequiresClientCertificate(const config::v1::WebhookTls& tls);

// The files of grpc.tls or webhook.tls.
struct TlsFiles {
  std::string certificate;
  std::string key;
  // Empty: clients are asked for no certificate.
  std::string client_ca;
};

// Adds findings about files that cannot be used together: no certificate, a key with a passphrase
// or of another certificate. It warns of a certificate whose time is over, or that does not name
// public_host, because clients refuse it. path: that of the field `tls`. Files that cannot be read
// are left to CheckFiles. public_host may be empty. Expiry is judged by the system's clock.
void CheckCertificates(const TlsFiles& files, const std::string& public_host, std::string_view path,
                       Findings& findings);

}  // namespace callbridge::settings
