// What a handshake of TLS that failed means for the operator.
#pragma once

#include <boost/system/error_code.hpp>
#include <string_view>

namespace callbridge::webhook {

// Returns why the handshake failed and the remedy: one of a few fixed sentences.
std::string_view ReasonOfFailedHandshake(const boost::system::error_code& error);

}  // namespace callbridge::webhook
