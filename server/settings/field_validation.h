// Checks every field of a message against its rule (callbridge/rule/v1/rule.proto). It has no field
// names: only the proto says what a new setting may hold. Pure.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <string>

#include "callbridge/rule/v1/rule.pb.h"
#include "server/settings/findings.h"

namespace callbridge::settings {

// Adds findings about the message and all nested messages. path: the path of the message, empty for
// the settings themselves. If another field must be longer than a field that is left out, the
// default of that field counts.
void ValidateFields(const google::protobuf::Message& message, const std::string& path,
                    Findings& findings);

// Called for every text that is set and whose rule names a form, with the path of its field.
using TextVisitor =
    std::function<void(rule::v1::Form form, const std::string& text, const std::string& path)>;
void VisitTexts(const google::protobuf::Message& message, const std::string& path,
                const TextVisitor& visit);

}  // namespace callbridge::settings
