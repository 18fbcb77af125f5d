// Whether every field of a message is as its rule wants it (callbridge/rule/v1/rule.proto). It
// knows no field by name: what a new setting may hold is said in the proto alone. Pure.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <string>

#include "callbridge/rule/v1/rule.pb.h"
#include "server/settings/findings.h"

namespace callbridge::settings {

// Adds what it finds in the message and in all messages within; path is the message's own, empty
// for the settings themselves. A field that is left out counts with its default where another one
// must be longer.
void ValidateFields(const google::protobuf::Message& message, const std::string& path,
                    Findings& findings);

// Visits every text that is set and whose rule names a form, with the path of its field.
using TextVisitor =
    std::function<void(rule::v1::Form form, const std::string& text, const std::string& path)>;
void VisitTexts(const google::protobuf::Message& message, const std::string& path,
                const TextVisitor& visit);

}  // namespace callbridge::settings
