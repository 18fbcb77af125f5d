// Any file that an operator may name: it is read or refused, and what is said of it shows no
// secret. A request that is signed in any of the ways that the settings know is found, and the
// settings that are told for it are right.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "server/base/check.h"
#include "server/base/log.h"
#include "tests/fuzz/byte_reader.h"
#include "webhook/signature_search.h"
#include "webhook/verify.h"

namespace callbridge::fuzz {
namespace {

using base::Check;
using webhook::Hmac;
using webhook::HmacScheme;

// No fuzzer guesses them by chance.
constexpr char kSecret[] = "q7w-secret-of-the-fuzzer-9";
constexpr char kPassword[] = "q7w-password-of-the-fuzzer-9";
constexpr std::size_t kFileBytesMax = 4096;
constexpr std::array<const char*, 4> kPrefixes = {"", "SHA256=", "v1:", "sig_nature="};

HmacScheme SchemeFrom(ByteReader& bytes) {
  HmacScheme scheme;
  scheme.header = "X-Sign";
  scheme.prefix = kPrefixes[bytes.Below(kPrefixes.size())];
  scheme.encoding =
      static_cast<Hmac::Encoding>(bytes.Below(static_cast<std::size_t>(Hmac::Encoding_ARRAYSIZE)));
  scheme.algorithm = static_cast<Hmac::Algorithm>(
      bytes.Below(static_cast<std::size_t>(Hmac::Algorithm_ARRAYSIZE)));
  scheme.secrets = {kSecret};
  return scheme;
}

std::string Hex(const std::string& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += kDigits[static_cast<unsigned char>(c) >> 4U];
    text += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  return text;
}

void CheckVerdict(const std::string& text, const HmacScheme& scheme, bool basic) {
  const auto request = webhook::ReadCapturedRequest(text);
  if (!request.ok()) {
    Check(request.status().code() == absl::StatusCode::kInvalidArgument, "a file is refused");
    return;
  }
  config::v1::Webhook settings;
  settings.set_path("/infobip/events");
  webhook::WebhookSecrets credentials;
  if (basic) {
    settings.mutable_basic();
    credentials.basic = {{"infobip", kPassword}};
  } else {
    settings.mutable_hmac();
    credentials.hmac = scheme;
  }
  credentials.report_only = scheme;
  const webhook::Verdict verdict = webhook::Verify(*request, settings, credentials);
  Check(verdict.text.find(kSecret) == std::string::npos, "no secret is shown");
  // In a request for other settings it is a text like any other.
  if (basic) Check(verdict.text.find(kPassword) == std::string::npos, "no password is shown");
  Check(!verdict.text.empty() && verdict.text.back() == '\n', "lines are told");
}

void Run(ByteReader& bytes) {
  const base::LogCapture log;
  const HmacScheme scheme = SchemeFrom(bytes);
  const bool basic = bytes.Flip();
  const HmacScheme signing = SchemeFrom(bytes);
  const std::string rest = bytes.Text(kFileBytesMax);
  CheckVerdict(rest, scheme, basic);

  // The same bytes as the body of a request that is signed.
  const std::string signature = webhook::Sign(signing.algorithm, kSecret, rest);
  const std::string head = "Host: test\r\nX-Sign: " + signing.prefix + Hex(signature) + "\r\n\r\n";
  CheckVerdict(head + rest, scheme, basic);
  const auto request = webhook::ReadCapturedRequest(head + rest);
  Check(request.ok() && request->body == rest, "a request is read as it was written");
  const auto fit = webhook::FindSignature(request->head, request->body, {kSecret});
  Check(fit.has_value(), "a signature is found");
  HmacScheme told = signing;
  told.prefix = fit->form.prefix;
  told.encoding = fit->form.encoding;
  told.algorithm = fit->algorithm;
  const auto authenticator = webhook::MakeHmacAuthenticator(told);
  Check(authenticator.ok(), "the settings that are told are good");
  Check((*authenticator)->Accepts(webhook::ValuesOf(request->head, "X-Sign"), rest),
        "the settings that are told fit");
}

}  // namespace
}  // namespace callbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  callbridge::fuzz::ByteReader bytes(data, size);
  callbridge::fuzz::Run(bytes);
  return 0;
}
