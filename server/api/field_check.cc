#include "server/api/field_check.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "server/base/limits.h"

namespace callbridge::api {
namespace {

constexpr std::size_t kSessionIdBytesMax = 64;
constexpr std::size_t kLegIdBytesMax = 64;
// This is 2200-01-01, which is late enough for every call. Its nanoseconds since 1970 still fit
// into 64 bits.
constexpr std::int64_t kSecondsMax = 7'258'118'400;
constexpr std::int32_t kNanosMax = 999'999'999;

bool IsLower(char c) { return absl::ascii_islower(static_cast<unsigned char>(c)); }
bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

bool IsOfRequestId(char c) {
  return IsLower(c) || IsDigit(c) || absl::ascii_isupper(static_cast<unsigned char>(c)) ||
         std::string_view("._:-").find(c) != std::string_view::npos;
}

}  // namespace

void CheckRequestId(const std::string& request_id, settings::Findings& findings) {
  if (request_id.empty() || request_id.size() > base::kRequestIdBytesMax ||
      !std::all_of(request_id.begin(), request_id.end(), IsOfRequestId)) {
    findings.Refuse("request_id",
                    "is required: 1 to 64 characters of [A-Za-z0-9._:-], for example a UUID");
  }
}

void CheckSessionId(const std::string& path, const std::string& session_id,
                    settings::Findings& findings) {
  if (session_id.empty() || session_id.size() > kSessionIdBytesMax) {
    findings.Refuse(path, "is required: the session_id of a session");
  }
}

void CheckLegId(const std::string& path, const std::string& leg_id, settings::Findings& findings) {
  if (leg_id.empty() || leg_id.size() > kLegIdBytesMax) {
    findings.Refuse(path, "is required: the leg_id of a leg, for example \"callee-1\"");
  }
}

int CheckPageSize(std::int32_t page_size, settings::Findings& findings) {
  if (page_size < 0) findings.Refuse("page_size", "must be 1 to 1,000; leave it out for 50");
  return page_size == 0 ? base::kListPageSizeDefault : std::min(page_size, base::kListPageSizeMax);
}

bool IsReadable(const google::protobuf::Timestamp& timestamp) {
  return timestamp.seconds() >= 0 && timestamp.seconds() <= kSecondsMax && timestamp.nanos() >= 0 &&
         timestamp.nanos() <= kNanosMax;
}

bool IsReadable(const google::protobuf::Duration& duration) {
  return duration.seconds() >= -kSecondsMax && duration.seconds() <= kSecondsMax &&
         duration.nanos() >= -kNanosMax && duration.nanos() <= kNanosMax;
}

void CheckTimestamp(const std::string& path, const google::protobuf::Timestamp& timestamp,
                    settings::Findings& findings) {
  if (!IsReadable(timestamp)) {
    findings.Refuse(path, "must be a time between 1970 and 2200");
  }
}

}  // namespace callbridge::api
