#include "tests/webhook/tls_client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace callbridge::webhook {
namespace {

constexpr timeval kTlsPatience{10, 0};

using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

Memory MemoryOf(const std::string& pem) {
  return Memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
}

void Trust(SSL_CTX* context, const std::string& pem) {
  const Memory memory = MemoryOf(pem);
  X509* certificate = PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr);
  EXPECT_EQ(X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate), 1);
  X509_free(certificate);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
}

void Present(SSL_CTX* context, const tests::Certificates& client) {
  const Memory certificate_pem = MemoryOf(client.client_certificate());
  X509* certificate = PEM_read_bio_X509(certificate_pem.get(), nullptr, nullptr, nullptr);
  EXPECT_EQ(SSL_CTX_use_certificate(context, certificate), 1);
  X509_free(certificate);
  const Memory key_pem = MemoryOf(client.client_key());
  EVP_PKEY* key = PEM_read_bio_PrivateKey(key_pem.get(), nullptr, nullptr, nullptr);
  EXPECT_EQ(SSL_CTX_use_PrivateKey(context, key), 1);
  EVP_PKEY_free(key);
}

}  // namespace

struct TlsClient::Parts {
  ~Parts() {
    SSL_free(ssl);
    SSL_CTX_free(context);
    if (socket >= 0) close(socket);
  }

  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL* ssl = nullptr;
  int socket = ::socket(AF_INET, SOCK_STREAM, 0);
};

TlsClient::TlsClient(std::uint16_t port, const TlsClientOptions& options)
    : parts_(std::make_unique<Parts>()) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(parts_->socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
            0);
  EXPECT_EQ(
      setsockopt(parts_->socket, SOL_SOCKET, SO_RCVTIMEO, &kTlsPatience, sizeof(kTlsPatience)), 0);
  if (options.authority != nullptr) Trust(parts_->context, options.authority->authority());
  if (options.client != nullptr) Present(parts_->context, *options.client);
  if (options.version_max != 0) {
    SSL_CTX_set_max_proto_version(parts_->context, options.version_max);
    // Without this OpenSSL itself offers no version before TLS 1.2.
    EXPECT_EQ(SSL_CTX_set_cipher_list(parts_->context, "DEFAULT@SECLEVEL=0"), 1);
  }
  parts_->ssl = SSL_new(parts_->context);
  SSL_set1_host(parts_->ssl, "localhost");
  SSL_set_fd(parts_->ssl, parts_->socket);
  connected_ = SSL_connect(parts_->ssl) == 1;
}

TlsClient::~TlsClient() = default;

void TlsClient::Send(std::string_view bytes) {
  // OpenSSL writes without MSG_NOSIGNAL.
  signal(SIGPIPE, SIG_IGN);
  // The server may have closed already.
  SSL_write(parts_->ssl, bytes.data(), static_cast<int>(bytes.size()));
}

int TlsClient::Receive() {
  std::string answer;
  std::array<char, 4096> bytes;
  while (true) {
    const std::size_t head_end = answer.find("\r\n\r\n");
    if (head_end != std::string::npos) {
      constexpr std::string_view kLength = "Content-Length: ";
      const std::size_t length = answer.find(kLength);
      const int body =
          length == std::string::npos ? 0 : std::atoi(answer.c_str() + length + kLength.size());
      if (answer.size() >= head_end + 4 + static_cast<std::size_t>(body)) {
        return std::atoi(answer.c_str() + answer.find(' '));
      }
    }
    const int count = SSL_read(parts_->ssl, bytes.data(), static_cast<int>(bytes.size()));
    if (count <= 0) return 0;
    answer.append(bytes.data(), static_cast<std::size_t>(count));
  }
}

bool TlsClient::AwaitClose() {
  char byte = 0;
  const int count = SSL_read(parts_->ssl, &byte, 1);
  return count <= 0 && SSL_get_error(parts_->ssl, count) == SSL_ERROR_ZERO_RETURN;
}

}  // namespace callbridge::webhook
