// Serializes messages to bytes and reads them back. The same message gives the same bytes in every
// engine and every run.
#pragma once

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message_lite.h>

#include <string>

#include "server/base/check.h"

namespace callbridge::store {

inline std::string Serialize(const google::protobuf::MessageLite& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream output(&stream);
    output.SetSerializationDeterministic(true);
    base::Check(message.SerializeToCodedStream(&output), "a message is too large to be stored");
  }
  return bytes;
}

template <typename Message>
Message Parse(const std::string& bytes) {
  Message message;
  base::Check(message.ParseFromString(bytes),
              "a stored message cannot be read: the store is damaged; restore it from a backup");
  return message;
}

}  // namespace callbridge::store
