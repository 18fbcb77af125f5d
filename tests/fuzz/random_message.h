// Spoils any protobuf message a little: one field, chosen by the fuzzer's bytes through reflection,
// is set, cleared, added or removed. Made from a good message and spoiled a few times, an input
// gets past the first check and finds the last one. What it makes can always be sent: texts are
// UTF-8.
#pragma once

#include <google/protobuf/message.h>

#include <span>
#include <string_view>

#include "tests/fuzz/byte_reader.h"

namespace callbridge::fuzz {

// What a message may become.
struct Taste {
  // Texts that mean something to whoever reads the message; others are made of bytes.
  std::span<const std::string_view> texts;
  // False: Timestamps lie between 1970 and 2200, Durations between nothing and a day, as readers of
  // outside times ensure.
  bool odd_times = true;
};

void ChangeOneField(ByteReader& bytes, const Taste& taste, google::protobuf::Message& message);

}  // namespace callbridge::fuzz
