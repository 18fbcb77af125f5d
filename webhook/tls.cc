#include "webhook/tls.h"

#include <absl/strings/str_format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <string>

#include "server/settings/certificates.h"
#include "server/settings/files.h"

namespace callbridge::webhook {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;

absl::Status Unusable(std::string_view field, const std::string& file, const std::string& why) {
  return absl::InvalidArgumentError(
      absl::StrFormat("webhook.tls.%s: \"%s\" cannot be used: %s; name a PEM file that belongs to "
                      "the other files of webhook.tls",
                      std::string(field), file, why));
}

// Reads a PEM file and gives it to one of the context's functions.
template <typename Use>
absl::Status UseFile(std::string_view field, const std::string& file, const Use& use) {
  const auto pem = settings::ReadTextFile(file, settings::kPemBytesMax);
  if (!pem.ok()) return Unusable(field, file, std::string(pem.status().message()));
  error_code error;
  use(asio::buffer(*pem), error);
  if (error) return Unusable(field, file, error.message());
  return absl::OkStatus();
}

// Lets OpenSSL name the authority to clients, which choose their certificate by it.
absl::Status NameAuthorities(ssl::context& context, const std::string& file) {
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(file.c_str());
  if (names == nullptr) return Unusable("client_ca_file", file, "it holds no certificate");
  SSL_CTX_set_client_CA_list(context.native_handle(), names);
  return absl::OkStatus();
}

absl::Status AskForCertificates(const config::v1::WebhookTls& tls, ssl::context& context) {
  if (tls.client_ca_file().empty()) return absl::OkStatus();
  absl::Status status = UseFile("client_ca_file", tls.client_ca_file(),
                                [&](const asio::const_buffer& pem, error_code& error) {
                                  context.add_certificate_authority(pem, error);
                                });
  if (status.ok()) status = NameAuthorities(context, tls.client_ca_file());
  const ssl::verify_mode absent_is_refused = settings::RequiresClientCertificate(tls)
                                                 ? ssl::verify_fail_if_no_peer_cert
                                                 : ssl::verify_none;
  context.set_verify_mode(ssl::verify_peer | absent_is_refused);
  return status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ssl::context>> MakeTlsContext(const config::v1::WebhookTls& tls) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION |
                                  SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(native, 0);
  // Without this, OpenSSL would ask for the passphrase of an encrypted key on the terminal.
  context->set_password_callback([](std::size_t, ssl::context::password_purpose) { return ""; });
  absl::Status status = UseFile("certificate_file", tls.certificate_file(),
                                [&](const asio::const_buffer& pem, error_code& error) {
                                  context->use_certificate_chain(pem, error);
                                });
  if (!status.ok()) return status;
  status =
      UseFile("key_file", tls.key_file(), [&](const asio::const_buffer& pem, error_code& error) {
        context->use_private_key(pem, ssl::context::pem, error);
      });
  if (!status.ok()) return status;
  status = AskForCertificates(tls, *context);
  if (!status.ok()) return status;
  // What failed above and was handled must not be taken for the failure of a later connection.
  ERR_clear_error();
  return context;
}

}  // namespace callbridge::webhook
