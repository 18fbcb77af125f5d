// A fuzzer's bytes as choices, taken from front to back. It promises an answer to every question:
// when the bytes are used up each choice is the first one, so that every input means something and
// ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace callbridge::fuzz {

class ByteReader {
 public:
  ByteReader(const std::uint8_t* data, std::size_t size) : bytes_(data, size) {}

  bool empty() const { return bytes_.empty(); }

  std::uint8_t Byte() {
    if (bytes_.empty()) return 0;
    const std::uint8_t byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return byte;
  }

  // 0 … limit - 1; 0 if limit is 0. Of one byte, so the limit counts up to 256.
  std::size_t Below(std::size_t limit) { return limit == 0 ? 0 : Byte() % limit; }

  bool Flip() { return Byte() % 2 == 1; }

  std::uint64_t Number() {
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i) number = number << 8 | Byte();
    return number;
  }

  // At most so many bytes, fewer if there are no more.
  std::string Text(std::size_t most) {
    const std::span<const std::uint8_t> taken =
        bytes_.first(most < bytes_.size() ? most : bytes_.size());
    bytes_ = bytes_.subspan(taken.size());
    return {taken.begin(), taken.end()};
  }

  std::string Rest() { return Text(bytes_.size()); }

 private:
  std::span<const std::uint8_t> bytes_;
};

}  // namespace callbridge::fuzz
