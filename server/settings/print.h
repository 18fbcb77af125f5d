// Settings as YAML, for --print-config. What is printed can be read again and means the same; it
// holds the names of secret files and no secret.
#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace callbridge::settings {

// Fields in the order of the proto, maps by name; absent fields are left out, switches never.
std::string PrintYaml(const google::protobuf::Message& message);

}  // namespace callbridge::settings
