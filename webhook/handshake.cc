#include "webhook/handshake.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>

namespace callbridge::webhook {

std::string_view ReasonOfFailedHandshake(const boost::system::error_code& error, long certificate) {
  if (error == boost::beast::error::timeout) return "it was not complete in time";
  if (error.category() != boost::asio::error::get_ssl_category()) return "the client broke off";
  if (certificate != X509_V_OK) {
    return "the client's certificate is not one of webhook.tls.client_ca_file, or has expired";
  }
  switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return "the client presented no certificate; give it one of webhook.tls.client_ca_file";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_WRONG_SSL_VERSION:
      return "the client offers neither TLS 1.2 nor TLS 1.3";
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
      return "the client offers no cipher that this certificate can be used with";
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
      return "the client does not accept webhook.tls.certificate_file; it must be valid, name the "
             "host of public_url, and be followed by the certificates that signed it";
    default:
      return "the bytes are no TLS handshake, or a broken one";
  }
}

}  // namespace callbridge::webhook
