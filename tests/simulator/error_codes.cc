#include "tests/simulator/error_codes.h"

#include <array>

namespace callbridge::simulator {
namespace {

constexpr std::array<ErrorCode, 30> kErrorCodes{{
    {10000, "NORMAL_HANGUP", "The call has ended with hangup initiated by caller, callee or API"},
    {10001, "ANSWERED_ELSEWHERE", "Another device answered"},
    {10002, "MACHINE_DETECTED", "A machine answered"},
    {10003, "HUMAN_DETECTED", "A human answered"},
    {10004, "MAX_DURATION_REACHED", "The maximum duration was reached"},
    {10100, "DEVICE_FORBIDDEN", "The device may not be used"},
    {10101, "DEVICE_NOT_FOUND", "There is no device"},
    {10102, "DEVICE_UNAVAILABLE", "The device is unavailable"},
    {10103, "MEDIA_ERROR", "Media error"},
    {10200, "NO_ANSWER", "No answer"},
    {10201, "BUSY", "Busy"},
    {10202, "CANCELLED", "Cancelled before the answer"},
    {10203, "REJECTED", "Declined"},
    {10204, "TEMPORARILY_UNAVAILABLE", "Temporarily unavailable"},
    {10300, "FORBIDDEN", "Forbidden"},
    {10301, "INSUFFICIENT_FUNDS", "Insufficient funds"},
    {10302, "UNAUTHENTICATED", "Unauthenticated"},
    {10303, "DESTINATION_NOT_FOUND", "Destination not found"},
    {10304, "DESTINATION_UNAVAILABLE", "Destination unavailable"},
    {10305, "INVALID_DESTINATION", "Invalid destination"},
    {10306, "INVALID_REQUEST", "Invalid request"},
    {10307, "REQUEST_TIMEOUT", "No answer from the network"},
    {10308, "NETWORK_ERROR", "Network error"},
    {10309, "SERVICE_UNAVAILABLE", "Service unavailable"},
    {10310, "UNKNOWN", "Unknown"},
    {10311, "FEATURE_UNAVAILABLE", "Feature not enabled"},
    {10312, "CONGESTION", "Congestion"},
    {10313, "UNAUTHORIZED", "The callee does not authorise the call"},
    {10400, "URL_NOT_FOUND", "URL not found"},
    {10401, "URL_UNREACHABLE", "URL unreachable"},
}};

}  // namespace

const ErrorCode* FindErrorCode(std::string_view name) {
  for (const ErrorCode& code : kErrorCodes) {
    if (code.name == name) return &code;
  }
  return nullptr;
}

}  // namespace callbridge::simulator
