// Single values of the settings file: texts, numbers, switches, choices and durations, as people
// write them. A value that is read back from what FormatScalar wrote is the same value.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>

namespace callbridge::settings {

// True for a field whose values are written as one text; durations are.
bool IsScalar(const google::protobuf::FieldDescriptor& field);

// Sets the field, or adds to it if it is repeated. Returns what is wrong with the text, empty if it
// was stored; never the whole of the text.
std::string StoreScalar(const std::string& text, google::protobuf::Message& message,
                        const google::protobuf::FieldDescriptor& field);

// The value of a field that is not repeated.
std::string FormatScalar(const google::protobuf::Message& message,
                         const google::protobuf::FieldDescriptor& field);

}  // namespace callbridge::settings
