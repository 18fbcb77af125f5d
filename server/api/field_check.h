// Checks of single fields that more than one method needs. Pure.
#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/map.h>
#include <google/protobuf/timestamp.pb.h>

#include <map>
#include <string>

#include "server/settings/findings.h"

namespace callbridge::api {

// Each adds what it finds.
void CheckRequestId(const std::string& request_id, settings::Findings& findings);
void CheckSessionId(const std::string& path, const std::string& session_id,
                    settings::Findings& findings);

// Within what base::Time and base::Duration hold, with a good fraction.
bool IsReadable(const google::protobuf::Timestamp& timestamp);
bool IsReadable(const google::protobuf::Duration& duration);
void CheckTimestamp(const std::string& path, const google::protobuf::Timestamp& timestamp,
                    settings::Findings& findings);

std::map<std::string, std::string> SortedLabels(
    const google::protobuf::Map<std::string, std::string>& labels);

}  // namespace callbridge::api
