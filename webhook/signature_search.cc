#include "webhook/signature_search.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <array>

#include "server/base/trimmed.h"
#include "webhook/list_header.h"

namespace callbridge::webhook {
namespace {

constexpr std::array kAlgorithms = {Hmac::ALGORITHM_HMAC_SHA_256, Hmac::ALGORITHM_HMAC_SHA_512,
                                    Hmac::ALGORITHM_HMAC_SHA_384, Hmac::ALGORITHM_HMAC_SHA_224,
                                    Hmac::ALGORITHM_HMAC_SHA_1};
// The first is that of MD5, which the provider offers and the settings do not.
constexpr std::array<std::size_t, 6> kSizes = {16, 20, 28, 32, 48, 64};

bool IsPrefix(std::string_view text) {
  return text.size() <= kPrefixBytesMax && std::ranges::all_of(text, [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' ||
                  c == '=' || c == ':';
         });
}

// Returns the value as a whole, and what follows each sign that may end a prefix.
std::vector<std::string_view> Endings(std::string_view value) {
  std::vector<std::string_view> endings = {value};
  for (std::size_t i = 0; i < std::min(value.size(), kPrefixBytesMax); ++i) {
    if (value[i] == '=' || value[i] == ':') endings.push_back(value.substr(i + 1));
  }
  return endings;
}

void AddForms(std::string_view header, std::string_view value, std::vector<SignatureForm>& forms) {
  for (const std::string_view ending : Endings(value)) {
    const std::string_view prefix = value.substr(0, value.size() - ending.size());
    // Base64 may hold spaces, so "Basic", a space and a credential would look like a signature.
    if (!IsPrefix(prefix) || ending.find(' ') != std::string_view::npos) continue;
    for (const Hmac::Encoding encoding : {Hmac::ENCODING_HEX, Hmac::ENCODING_BASE64}) {
      for (const std::size_t size : kSizes) {
        auto signature = DecodeSignature(base::Trimmed(ending), encoding, size);
        if (!signature.has_value()) continue;
        forms.push_back(
            {std::string(header), std::string(prefix), encoding, *std::move(signature)});
      }
    }
  }
}

std::string LowerCase(std::string text, std::string_view without) {
  text.erase(0, without.size());
  return absl::AsciiStrToLower(text);
}

}  // namespace

std::vector<SignatureForm> FormsOfSignatures(const RequestHead& head) {
  std::vector<SignatureForm> forms;
  for (const auto& field : head) {
    std::vector<std::string_view> values;
    AddElements(View(field.value()), values);
    for (const std::string_view value : values) AddForms(View(field.name_string()), value, forms);
  }
  return forms;
}

std::optional<SignatureFit> FindSignature(const RequestHead& head, std::string_view body,
                                          const std::vector<std::string>& secrets) {
  std::string_view plain = body;
  if (plain.ends_with('\n')) plain.remove_suffix(1);
  if (plain.ends_with('\r')) plain.remove_suffix(1);
  for (const SignatureForm& form : FormsOfSignatures(head)) {
    for (const Hmac::Algorithm algorithm : kAlgorithms) {
      if (DigestSize(algorithm) != form.signature.size()) continue;
      for (std::size_t i = 0; i < secrets.size(); ++i) {
        for (const std::string_view signed_body : {body, plain}) {
          if (!AreEqualInConstantTime(Sign(algorithm, secrets[i], signed_body), form.signature)) {
            continue;
          }
          return SignatureFit{form, algorithm, i, signed_body.size() != body.size()};
        }
      }
    }
  }
  return std::nullopt;
}

std::string NameOf(Hmac::Algorithm algorithm) {
  return LowerCase(Hmac::Algorithm_Name(algorithm), "ALGORITHM_");
}

std::string NameOf(Hmac::Encoding encoding) {
  if (encoding == Hmac::ENCODING_UNSPECIFIED) return "hex or base64";
  return LowerCase(Hmac::Encoding_Name(encoding), "ENCODING_");
}

}  // namespace callbridge::webhook
