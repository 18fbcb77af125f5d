// Messages as JSON in one line, in protobuf's own mapping, with what identifies a person masked
// unless it was asked for. Pure.
#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace callbridge::cli {

std::string ToJson(const google::protobuf::Message& message, bool show_numbers);

// Masks numbers, users' names and pressed keys wherever they stand in the message.
void MaskPersons(google::protobuf::Message& message);

}  // namespace callbridge::cli
