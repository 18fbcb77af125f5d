#include "server/api/field_check.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>

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

std::string WhatItIs(std::string_view value) { return value.empty() ? "is required:" : "must be"; }

std::string WhatItHolds(std::string_view value, bool (*fits)(char)) {
  const auto* const odd = std::find_if_not(value.begin(), value.end(), fits);
  if (value.empty()) return "";
  // A character of UTF-8 is one place, whatever the number of its bytes.
  const auto places = std::count_if(value.begin(), odd, [](char c) { return (c & 0xC0) != 0x80; });
  if (odd == value.end()) return absl::StrFormat("; this has %d", places);
  const bool printable = absl::ascii_isprint(static_cast<unsigned char>(*odd));
  return absl::StrFormat("; this holds %s at place %d",
                         printable ? absl::StrFormat("\"%c\"", *odd) : "another character",
                         places + 1);
}

void CheckRequestId(const std::string& request_id, settings::Findings& findings) {
  const bool fits = request_id.size() <= base::kRequestIdBytesMax &&
                    std::all_of(request_id.begin(), request_id.end(), IsOfRequestId);
  if (!request_id.empty() && fits) return;
  findings.Refuse("request_id",
                  absl::StrFormat("%s 1 to 64 characters of [A-Za-z0-9._:-], for example a UUID%s",
                                  WhatItIs(request_id), WhatItHolds(request_id, IsOfRequestId)));
}

void CheckSessionId(const std::string& path, const std::string& session_id,
                    settings::Findings& findings) {
  if (session_id.empty() || session_id.size() > kSessionIdBytesMax) {
    findings.Refuse(path, WhatItIs(session_id) + " the session_id of a session");
  }
}

void CheckLegId(const std::string& path, const std::string& leg_id, settings::Findings& findings) {
  if (leg_id.empty() || leg_id.size() > kLegIdBytesMax) {
    findings.Refuse(path, WhatItIs(leg_id) + " the leg_id of a leg, for example \"callee-1\"");
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
