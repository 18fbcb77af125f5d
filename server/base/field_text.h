// The value of one protobuf field as people write it in the settings file: texts, numbers,
// switches, choices and durations. StoreField reads back what FormatField wrote as the same value.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>

namespace callbridge::base {

// True for a field whose values are written as one text, which includes durations.
bool IsScalar(const google::protobuf::FieldDescriptor& field);

// Sets the field, or adds to it if it is repeated. Returns what is wrong with the text, without
// repeating all of it; empty if the value was stored.
std::string StoreField(const std::string& text, google::protobuf::Message& message,
                       const google::protobuf::FieldDescriptor& field);

// Returns the value of a field that is not repeated.
std::string FormatField(const google::protobuf::Message& message,
                        const google::protobuf::FieldDescriptor& field);

}  // namespace callbridge::base
