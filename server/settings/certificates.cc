#include "server/settings/certificates.h"

#include <absl/strings/str_format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "server/base/network.h"
#include "server/settings/files.h"

namespace callbridge::settings {
namespace {

template <auto Free>
struct FreeBy {
  template <typename Object>
  void operator()(Object* object) const {
    Free(object);
  }
};
using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using Bytes = std::unique_ptr<BIO, FreeBy<BIO_free>>;

Bytes Open(const std::string& text) {
  return Bytes(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Answers that there is no passphrase. The default asks for it on the terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

// Returns the first certificate of a file; null if it has none.
Certificate ReadCertificate(const std::string& pem) {
  return Certificate(PEM_read_bio_X509(Open(pem).get(), nullptr, NoPassphrase, nullptr));
}

Key ReadKey(const std::string& pem) {
  return Key(PEM_read_bio_PrivateKey(Open(pem).get(), nullptr, NoPassphrase, nullptr));
}

bool Names(X509& certificate, const std::string& host) {
  if (base::ParseIpAddress(host).has_value()) {
    return X509_check_ip_asc(&certificate, host.c_str(), 0) == 1;
  }
  return X509_check_host(&certificate, host.data(), host.size(), 0, nullptr) == 1;
}

void WarnOfCertificate(X509& certificate, const std::string& public_host, const std::string& path,
                       const std::string& file, Findings& findings) {
  // 0 would mean that the time cannot be read.
  if (X509_cmp_current_time(X509_get0_notAfter(&certificate)) < 0) {
    findings.Warn(path, absl::StrFormat("the certificate in \"%s\" has expired, so that clients "
                                        "refuse it; renew it",
                                        file));
  } else if (X509_cmp_current_time(X509_get0_notBefore(&certificate)) > 0) {
    findings.Warn(path, absl::StrFormat("the certificate in \"%s\" is not valid yet, so that "
                                        "clients refuse it; set the clock right, or wait",
                                        file));
  }
  if (!public_host.empty() && !Names(certificate, public_host)) {
    findings.Warn(path, absl::StrFormat("the certificate in \"%s\" does not name the host of "
                                        "webhook.public_url, so that the provider refuses it; use "
                                        "one that names it",
                                        file));
  }
}

// Returns the content of a file; empty if it cannot be read.
std::string ContentOf(const std::string& file) {
  return ReadTextFile(file, kPemBytesMax).value_or("");
}

}  // namespace

bool RequiresClientCertificate(const config::v1::WebhookTls& tls) {
  return !tls.client_ca_file().empty() &&
         tls.client_certificates() != config::v1::WebhookTls::CLIENT_CERTIFICATES_OPTIONAL;
}

void CheckCertificates(const TlsFiles& files, const std::string& public_host, std::string_view path,
                       Findings& findings) {
  const std::string certificate_pem = ContentOf(files.certificate);
  const std::string key_pem = ContentOf(files.key);
  const std::string authority_pem = ContentOf(files.client_ca);
  const Certificate certificate = ReadCertificate(certificate_pem);
  const Key key = ReadKey(key_pem);
  if (!certificate_pem.empty() && certificate == nullptr) {
    findings.Refuse(FieldPath(path, "certificate_file"),
                    absl::StrFormat("\"%s\" holds no certificate that can be read; it must begin "
                                    "with the PEM block of the certificate that clients are shown",
                                    files.certificate));
  }
  if (!key_pem.empty() && key == nullptr) {
    findings.Refuse(FieldPath(path, "key_file"),
                    absl::StrFormat("\"%s\" holds no private key that can be read; it must be a "
                                    "PEM block without a passphrase (openssl pkey -in FILE -out "
                                    "FILE removes one)",
                                    files.key));
  }
  if (!authority_pem.empty() && ReadCertificate(authority_pem) == nullptr) {
    findings.Refuse(FieldPath(path, "client_ca_file"),
                    absl::StrFormat("\"%s\" holds no certificate that can be read; it must hold "
                                    "the PEM blocks of the authorities of clients",
                                    files.client_ca));
  }
  if (certificate != nullptr && key != nullptr) {
    if (X509_check_private_key(certificate.get(), key.get()) != 1) {
      findings.Refuse(FieldPath(path, "key_file"),
                      absl::StrFormat("\"%s\" is not the key of the certificate in \"%s\"; use the "
                                      "pair that was issued together",
                                      files.key, files.certificate));
    }
    WarnOfCertificate(*certificate, public_host, FieldPath(path, "certificate_file"),
                      files.certificate, findings);
  }
  // Errors of these attempts must not be taken for those of later work.
  ERR_clear_error();
}

}  // namespace callbridge::settings
