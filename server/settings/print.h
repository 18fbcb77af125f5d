// Prints settings as YAML, for --print-config. The output can be read again and means the same. It
// holds the names of secret files and no secret.
#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace callbridge::settings {

// Prints fields in the order of the proto, and maps by name. Absent fields are left out; switches
// are always printed.
std::string PrintYaml(const google::protobuf::Message& message);

}  // namespace callbridge::settings
