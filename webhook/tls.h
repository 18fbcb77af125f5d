// TLS that the ingress ends itself: the context of OpenSSL from files. TLS 1.2 and newer only
// (docs/provider.md §7.1 says what the provider offers). No session is resumed, so that each
// connection's client certificate is checked.
#pragma once

#include <absl/status/statusor.h>

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "callbridge/config/v1/settings.pb.h"

namespace callbridge::webhook {

// Reads the files. INVALID_ARGUMENT names the field, the file and the remedy. Connections keep what
// they need of a context, so that a newer one can take its place while they live.
absl::StatusOr<std::unique_ptr<boost::asio::ssl::context>> MakeTlsContext(
    const config::v1::WebhookTls& tls);

}  // namespace callbridge::webhook
