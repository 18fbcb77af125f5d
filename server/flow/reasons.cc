#include "server/flow/reasons.h"

#include <array>
#include <utility>

#include "server/base/account_refused.h"

namespace callbridge::flow {
namespace {

constexpr std::array<std::pair<std::string_view, v1::EndReason>, 31> kReasons = {{
    {"NORMAL_HANGUP", v1::END_REASON_HUNG_UP},
    {"ANSWERED_ELSEWHERE", v1::END_REASON_ANSWERED_ELSEWHERE},
    {"MACHINE_DETECTED", v1::END_REASON_VOICEMAIL},
    {"HUMAN_DETECTED", v1::END_REASON_HUNG_UP},
    {"MAX_DURATION_REACHED", v1::END_REASON_MAX_DURATION},
    {"DEVICE_FORBIDDEN", v1::END_REASON_UNREACHABLE},
    {"DEVICE_NOT_FOUND", v1::END_REASON_UNREACHABLE},
    {"DEVICE_UNAVAILABLE", v1::END_REASON_UNREACHABLE},
    {"MEDIA_ERROR", v1::END_REASON_UNREACHABLE},
    {"NO_ANSWER", v1::END_REASON_NO_ANSWER},
    {"BUSY", v1::END_REASON_BUSY},
    {"CANCELLED", v1::END_REASON_HUNG_UP},
    {"REJECTED", v1::END_REASON_DECLINED},
    {"TEMPORARILY_UNAVAILABLE", v1::END_REASON_UNREACHABLE},
    {"FORBIDDEN", v1::END_REASON_PROVIDER_ACCOUNT},
    {"INSUFFICIENT_FUNDS", v1::END_REASON_PROVIDER_ACCOUNT},
    {"UNAUTHENTICATED", v1::END_REASON_PROVIDER_ACCOUNT},
    {"FEATURE_UNAVAILABLE", v1::END_REASON_PROVIDER_ACCOUNT},
    {"DESTINATION_NOT_FOUND", v1::END_REASON_INVALID_DESTINATION},
    {"DESTINATION_UNAVAILABLE", v1::END_REASON_UNREACHABLE},
    {"INVALID_DESTINATION", v1::END_REASON_INVALID_DESTINATION},
    {"INVALID_REQUEST", v1::END_REASON_PROVIDER_REFUSED},
    {"REQUEST_TIMEOUT", v1::END_REASON_UNREACHABLE},
    {"NETWORK_ERROR", v1::END_REASON_UNREACHABLE},
    {"SERVICE_UNAVAILABLE", v1::END_REASON_UNREACHABLE},
    {"UNKNOWN", v1::END_REASON_UNREACHABLE},
    {"CONGESTION", v1::END_REASON_UNREACHABLE},
    {"UNAUTHORIZED", v1::END_REASON_DECLINED},
    {"URL_NOT_FOUND", v1::END_REASON_PROVIDER_REFUSED},
    {"URL_UNREACHABLE", v1::END_REASON_PROVIDER_REFUSED},
    {"INVALID_RESPONSE", v1::END_REASON_PROVIDER_REFUSED},
}};

}  // namespace

v1::EndReason ReasonOfError(std::string_view name) {
  for (const auto& [known, reason] : kReasons) {
    if (known == name) return reason;
  }
  return v1::END_REASON_UNREACHABLE;
}

v1::EndReason ReasonOfRefusal(int http_status, std::string_view name) {
  if (base::IsAccountRefused(http_status)) return v1::END_REASON_PROVIDER_ACCOUNT;
  for (const auto& [known, reason] : kReasons) {
    if (known == name) return reason;
  }
  return v1::END_REASON_PROVIDER_REFUSED;
}

v1::EndReason ReasonOfRefusedCreation(int http_status, std::string_view name) {
  if (base::IsConfigurationUnknown(http_status)) return v1::END_REASON_PROVIDER_ACCOUNT;
  return ReasonOfRefusal(http_status, name);
}

bool IsFailure(v1::EndReason reason) {
  return reason == v1::END_REASON_PROVIDER_THROTTLED || reason == v1::END_REASON_PROVIDER_REFUSED ||
         reason == v1::END_REASON_PROVIDER_UNAVAILABLE ||
         reason == v1::END_REASON_PROVIDER_ACCOUNT || reason == v1::END_REASON_INTERNAL ||
         reason == v1::END_REASON_TOO_LATE;
}

std::string_view Phrase(v1::EndReason reason) {
  switch (reason) {
    case v1::END_REASON_HUNG_UP:
      return "hung up";
    case v1::END_REASON_NO_ANSWER:
      return "did not answer in time";
    case v1::END_REASON_BUSY:
      return "is busy";
    case v1::END_REASON_DECLINED:
      return "declined the call";
    case v1::END_REASON_UNREACHABLE:
      return "could not be reached";
    case v1::END_REASON_INVALID_DESTINATION:
      return "has no valid number or address";
    case v1::END_REASON_VOICEMAIL:
      return "was answered by a machine";
    case v1::END_REASON_ANSWERED_ELSEWHERE:
      return "answered elsewhere";
    case v1::END_REASON_MAX_DURATION:
      return "reached the maximum duration";
    case v1::END_REASON_NOT_ALLOWED:
      return "may not be called";
    case v1::END_REASON_NOTICE_REFUSED:
      return "refused to be recorded";
    case v1::END_REASON_LOST:
      return "was lost: the provider does not know the call any more";
    case v1::END_REASON_PROVIDER_THROTTLED:
      return "could not be connected in time within the provider's rate limit";
    case v1::END_REASON_TOO_LATE:
      return "could not be dialled in time";
    case v1::END_REASON_PROVIDER_REFUSED:
      return "could not be connected: the provider refused";
    case v1::END_REASON_PROVIDER_UNAVAILABLE:
      return "could not be connected: the provider could not be reached in time";
    case v1::END_REASON_PROVIDER_ACCOUNT:
      return "could not be connected: the provider refused the account's key, or the account lacks "
             "a permission, a feature, funds or the calls configuration";
    default:
      return "could not be connected";
  }
}

}  // namespace callbridge::flow
