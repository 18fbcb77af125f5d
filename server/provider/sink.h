// Where the body of a large answer goes, piece by piece: it is never in memory as a whole.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace callbridge::provider {

// A part of the body, in order.
struct Piece {
  // The answer begins with the first byte of the thing (200), not with the one asked for (206).
  bool whole = true;
  // The size of the whole thing in bytes. Absent means that the answer did not tell.
  std::optional<std::int64_t> total;
  std::string_view bytes;
};

struct Sink {
  // The first byte that is wanted (header Range). 0 means all of them.
  std::int64_t from = 0;
  // Takes the body of an answer 200 or 206; the body of every other one goes into HttpAnswer.
  // Returning false ends the request. The transport's thread calls it.
  std::function<bool(const Piece&)> take;
};

}  // namespace callbridge::provider
