#include "client/cli/words.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_replace.h>

#include <cctype>
#include <chrono>
#include <cstddef>

#include "server/base/mask.h"

namespace callbridge::cli {
namespace {

// Returns the prefix of the type's values. By protobuf's convention, the values of FooBar begin
// with FOO_BAR_.
std::string Prefix(const google::protobuf::EnumDescriptor& type) {
  std::string prefix;
  for (const char character : std::string_view(type.name())) {
    if (std::isupper(static_cast<unsigned char>(character)) != 0 && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(static_cast<unsigned char>(character));
  }
  return prefix + "_";
}

std::string WithoutPrefix(const std::string& name, const std::string& prefix) {
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

// Returns the name, or only its first two bytes, which are enough for users to recognise their own
// name.
std::string MaskName(const std::string& name, bool show) {
  return Printable(show ? name : name.substr(0, 2) + "***");
}

}  // namespace

std::string EnumWord(const google::protobuf::EnumDescriptor& type, int value) {
  const auto* descriptor = type.FindValueByNumber(value);
  if (descriptor == nullptr) return absl::StrFormat("%d", value);
  return WithoutPrefix(descriptor->name(), Prefix(type));
}

std::vector<std::string> Words(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> words;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) words.push_back(EnumWord(type, type.value(i)->number()));
  }
  return words;
}

std::string DurationText(base::Duration duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  if (seconds < 0.995) return absl::StrFormat("%.2f s", seconds);
  if (seconds < 59.95) return absl::StrFormat("%.1f s", seconds);
  const auto whole = std::chrono::round<std::chrono::seconds>(duration);
  const auto hours = std::chrono::floor<std::chrono::hours>(whole);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(whole - hours);
  if (hours.count() > 0) return absl::StrFormat("%d h %d min", hours.count(), minutes.count());
  return absl::StrFormat("%d min %d s", minutes.count(), (whole - minutes).count());
}

std::string DurationText(const google::protobuf::Duration& duration) {
  return DurationText(base::FromProtoDuration(duration));
}

std::string NumberText(std::string_view number, bool show_numbers) {
  return Printable(show_numbers ? std::string(number) : base::MaskNumber(number));
}

std::string EndpointText(const v1::Endpoint& endpoint, bool show_numbers) {
  switch (endpoint.kind_case()) {
    case v1::Endpoint::kPhone:
      return NumberText(endpoint.phone().number(), show_numbers);
    case v1::Endpoint::kSip:
      return "sip:" + MaskName(endpoint.sip().username(), show_numbers);
    case v1::Endpoint::kWebrtc:
      return "webrtc:" + MaskName(endpoint.webrtc().identity(), show_numbers);
    case v1::Endpoint::KIND_NOT_SET:
      break;
  }
  return "an unknown endpoint";
}

std::string LegName(std::string_view leg_id) {
  if (leg_id == "caller") return "the caller";
  return leg_id.empty() ? "the leg" : Printable(leg_id);
}

std::string_view PartyName(v1::Party party) {
  switch (party) {
    case v1::PARTY_CALLER:
      return "the caller";
    case v1::PARTY_CALLEE:
      return "the callee";
    case v1::PARTY_API:
      return "a program";
    case v1::PARTY_PROVIDER:
      return "the provider";
    case v1::PARTY_DEADLINE:
      return "a deadline";
    case v1::PARTY_LOOK:
    case v1::PARTY_SERVICE:
      return "this service";
    default:
      return "";
  }
}

std::string ReasonText(v1::EndReason reason) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(Word(reason)), {{"_", " "}});
}

std::string ProviderErrorText(const v1::ProviderError& error) {
  std::string text = Printable(error.name());
  if (error.code() != 0) text += absl::StrFormat("%s%d", text.empty() ? "" : ", ", error.code());
  if (!error.description().empty()) {
    text += (text.empty() ? "" : ": ") + base::MaskText(Printable(error.description()));
  }
  return text;
}

}  // namespace callbridge::cli
