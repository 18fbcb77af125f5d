// The rules that stand beside the fields of a message (callbridge/rule/v1/rule.proto), and the
// defaults that they give to fields that are left out.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "callbridge/rule/v1/rule.pb.h"

namespace callbridge::base {

// Returns the rule of the field, merged over the rule of its message type.
rule::v1::Rule RuleOf(const google::protobuf::FieldDescriptor& field);

// True if a message that is left out still has defaults: some of its fields have rules, and none of
// them is required.
bool HasDefaults(const google::protobuf::Descriptor& message);

// Sets every absent field that has a default, also in nested messages. A list that has items counts
// as complete. A second call changes nothing.
void FillDefaults(google::protobuf::Message& message);

// Returns a message that holds only defaults.
template <typename Message>
Message Defaults() {
  Message message;
  FillDefaults(message);
  return message;
}

}  // namespace callbridge::base
