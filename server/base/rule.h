// The rules that stand beside the fields of a message (callbridge/rule/v1/rule.proto), and the
// defaults that they give to fields that are left out.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "callbridge/rule/v1/rule.pb.h"

namespace callbridge::base {

// The field's own rule over that of its message.
rule::v1::Rule RuleOf(const google::protobuf::FieldDescriptor& field);

// True if a message that is left out still has its defaults: fields of it have rules, and none must
// be set.
bool HasDefaults(const google::protobuf::Descriptor& message);

// Sets every field that is absent and has a default, in the messages within too. A list that has
// items is complete. Applied twice it changes nothing more.
void FillDefaults(google::protobuf::Message& message);

// A message of defaults only.
template <typename Message>
Message Defaults() {
  Message message;
  FillDefaults(message);
  return message;
}

}  // namespace callbridge::base
