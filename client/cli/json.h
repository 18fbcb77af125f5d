// Prints messages as JSON in one line, in protobuf's own mapping. Personal data is masked unless
// the user asked for it. Pure.
#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace callbridge::cli {

std::string ToJson(const google::protobuf::Message& message, bool show_numbers);

// Masks numbers, users' names and pressed keys everywhere in the message.
void MaskPersons(google::protobuf::Message& message);

}  // namespace callbridge::cli
