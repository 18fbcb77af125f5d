// Pages of lists (docs/provider.md §1.3, §3.3).
#pragma once

#include <cstddef>
#include <string>

#include "tests/simulator/answer.h"
#include "tests/simulator/json_writer.h"

namespace callbridge::simulator {

// Which things of a list are shown: those from Begin to End.
struct Page {
  // Counted from 0.
  std::size_t number = 0;
  std::size_t size = 0;

  std::size_t Begin(std::size_t total) const;
  std::size_t End(std::size_t total) const;
};

// The page that the query asks for by "page" and the parameter of this name, or the first one.
Page PageOf(const ParsedRequest& request, const std::string& size_name = "size",
            std::size_t usual_size = 20);

// The member "paging" of a list of so many things.
void WritePaging(JsonWriter& writer, const Page& page, std::size_t total);

}  // namespace callbridge::simulator
