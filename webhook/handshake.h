// What a handshake of TLS that failed means for the operator.
#pragma once

#include <boost/system/error_code.hpp>
#include <string_view>

namespace callbridge::webhook {

// Returns why the handshake failed and the remedy: one of a few fixed sentences. certificate: what
// OpenSSL found of the client's certificate (SSL_get_verify_result).
std::string_view ReasonOfFailedHandshake(const boost::system::error_code& error, long certificate);

}  // namespace callbridge::webhook
