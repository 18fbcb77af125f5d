#include "tests/api/certificates.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <fstream>
#include <functional>
#include <memory>

#include "server/base/check.h"

namespace callbridge::tests {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

constexpr long kDaySeconds = 24 * 60 * 60;

Key MakeKey() {
  Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  base::Check(key != nullptr, "a key is made");
  return key;
}

void AddExtension(X509* certificate, int nid, const char* value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
  base::Check(extension != nullptr, "an extension is made");
  base::Check(X509_add_ext(certificate, extension, -1) == 1, "an extension is added");
  X509_EXTENSION_free(extension);
}

Certificate MakeCertificate(const std::string& name, EVP_PKEY* key, X509* issuer,
                            EVP_PKEY* issuer_key, long life_seconds = kDaySeconds) {
  Certificate certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()),
                   static_cast<long>(std::hash<std::string>{}(name) % 1'000'000));
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -2 * kDaySeconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), life_seconds);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate.get(),
                       issuer == nullptr ? subject : X509_get_subject_name(issuer));
  if (issuer == nullptr) {
    AddExtension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  } else {
    AddExtension(certificate.get(), NID_subject_alt_name, ("DNS:" + name).c_str());
  }
  base::Check(X509_sign(certificate.get(), issuer_key, EVP_sha256()) > 0, "it is signed");
  return certificate;
}

std::string Pem(const std::function<int(BIO*)>& write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
  base::Check(write(memory.get()) == 1, "PEM is written");
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

std::string PemOf(X509* certificate) {
  return Pem([certificate](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

std::string PemOf(EVP_PKEY* key) {
  return Pem([key](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

void Write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  base::Check(file.good(), "a file is written");
}

}  // namespace

Certificates::Certificates(std::chrono::seconds life) {
  std::string name = std::filesystem::temp_directory_path() / "callbridge-tls-XXXXXX";
  base::Check(mkdtemp(name.data()) != nullptr, "a folder is made");
  folder_ = name;
  const Key authority_key = MakeKey();
  const Certificate authority =
      MakeCertificate(folder_.filename(), authority_key.get(), nullptr, authority_key.get());
  const Key server_key = MakeKey();
  const Key client_key = MakeKey();
  authority_ = PemOf(authority.get());
  client_key_ = PemOf(client_key.get());
  client_certificate_ = PemOf(
      MakeCertificate("billing", client_key.get(), authority.get(), authority_key.get()).get());
  Write(folder_ / "authority.pem", authority_);
  Write(folder_ / "server.key", PemOf(server_key.get()));
  Write(folder_ / "server.pem",
        PemOf(MakeCertificate("localhost", server_key.get(), authority.get(), authority_key.get(),
                              static_cast<long>(life.count()))
                  .get()));
}

Certificates::~Certificates() { std::filesystem::remove_all(folder_); }

config::v1::Tls Certificates::ServerFiles() const {
  config::v1::Tls tls;
  tls.set_certificate_file(folder_ / "server.pem");
  tls.set_key_file(folder_ / "server.key");
  tls.set_client_ca_file(folder_ / "authority.pem");
  return tls;
}

config::v1::WebhookTls Certificates::IngressFiles() const {
  config::v1::WebhookTls tls;
  tls.set_certificate_file(folder_ / "server.pem");
  tls.set_key_file(folder_ / "server.key");
  return tls;
}

}  // namespace callbridge::tests
