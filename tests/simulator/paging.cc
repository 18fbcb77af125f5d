#include "tests/simulator/paging.h"

#include <absl/strings/numbers.h>

#include <algorithm>
#include <cstdint>

namespace callbridge::simulator {
namespace {

std::size_t NumberInQuery(const ParsedRequest& request, const std::string& name,
                          std::size_t otherwise) {
  const auto found = request.target.query.find(name);
  std::size_t number = otherwise;
  if (found != request.target.query.end() && !absl::SimpleAtoi(found->second, &number)) {
    return otherwise;
  }
  return number;
}

}  // namespace

std::size_t Page::Begin(std::size_t total) const {
  return size == 0 || number > total / size ? total : number * size;
}

std::size_t Page::End(std::size_t total) const {
  return Begin(total) + std::min(size, total - Begin(total));
}

Page PageOf(const ParsedRequest& request, const std::string& size_name, std::size_t usual_size) {
  return {NumberInQuery(request, "page", 0), NumberInQuery(request, size_name, usual_size)};
}

void WritePaging(JsonWriter& writer, const Page& page, std::size_t total) {
  writer.BeginObject("paging");
  writer.Integer("page", static_cast<std::int64_t>(page.number));
  writer.Integer("size", static_cast<std::int64_t>(page.size));
  writer.Integer("totalPages", static_cast<std::int64_t>((total + page.size - 1) / page.size));
  writer.Integer("totalResults", static_cast<std::int64_t>(total));
  writer.EndObject();
}

}  // namespace callbridge::simulator
