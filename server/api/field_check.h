// Checks of single fields that several methods need. Pure.
#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "server/settings/findings.h"

namespace callbridge::api {

// Returns "is required:" if the field was not given, otherwise "must be". What the field must be
// follows.
std::string WhatItIs(std::string_view value);
// Returns what is wrong with a refused text: "; this holds "x" at place 3" names the first
// character that does not fit, and "; this has 70" counts the characters if all fit. Empty if the
// text is. It shows no character that fits, because keys may be a PIN.
std::string WhatItHolds(std::string_view value, bool (*fits)(char));

// Each function adds its findings to `findings`.
void CheckRequestId(const std::string& request_id, settings::Findings& findings);
void CheckSessionId(const std::string& path, const std::string& session_id,
                    settings::Findings& findings);
void CheckLegId(const std::string& path, const std::string& leg_id, settings::Findings& findings);

// Returns how many things a page may hold: 50 for 0, and up to 1,000.
int CheckPageSize(std::int32_t page_size, settings::Findings& findings);

// True if the value fits into base::Time or base::Duration and its fraction is valid.
bool IsReadable(const google::protobuf::Timestamp& timestamp);
bool IsReadable(const google::protobuf::Duration& duration);
void CheckTimestamp(const std::string& path, const google::protobuf::Timestamp& timestamp,
                    settings::Findings& findings);

}  // namespace callbridge::api
