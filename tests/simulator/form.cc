#include "tests/simulator/form.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <utility>

namespace callbridge::simulator {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

bool ConsumePrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// prefix: in lower case.
bool BeginsInAnyCase(std::string_view text, const std::string& prefix) {
  return absl::AsciiStrToLower(std::string(text.substr(0, prefix.size()))) == prefix;
}

// The value of `name=value` or `name="value"` among the parameters of a header.
std::string Parameter(std::string_view header, std::string_view name) {
  for (std::size_t at = header.find(';'); at != std::string_view::npos; at = header.find(';', at)) {
    std::string_view rest = header.substr(++at);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    if (!ConsumePrefix(rest, std::string(name) + "=")) continue;
    const bool quoted = ConsumePrefix(rest, "\"");
    const std::size_t end = quoted ? rest.find('"') : rest.find_first_of("; \t");
    return std::string(rest.substr(0, end));
  }
  return "";
}

void ReadHead(std::string_view head, FormPart& part) {
  while (!head.empty()) {
    const std::size_t end = std::min(head.find(kLineEnd), head.size());
    const std::string_view line = head.substr(0, end);
    if (BeginsInAnyCase(line, "content-disposition:")) {
      part.name = Parameter(line, "name");
      part.file_name = Parameter(line, "filename");
    }
    head.remove_prefix(std::min(end + kLineEnd.size(), head.size()));
  }
}

}  // namespace

std::optional<std::vector<FormPart>> ParseForm(std::string_view content_type,
                                               std::string_view body) {
  const std::string boundary = Parameter(content_type, "boundary");
  if (!BeginsInAnyCase(content_type, "multipart/form-data") || boundary.empty()) {
    return std::nullopt;
  }
  std::vector<FormPart> parts;
  if (!ConsumePrefix(body, "--" + boundary)) return std::nullopt;
  const std::string next = "\r\n--" + boundary;
  while (!body.starts_with("--")) {
    if (!ConsumePrefix(body, kLineEnd)) return std::nullopt;
    const std::size_t head = body.find("\r\n\r\n");
    const std::size_t end = body.find(next, head == std::string_view::npos ? head : head + 2);
    if (head == std::string_view::npos || end == std::string_view::npos) return std::nullopt;
    FormPart part;
    ReadHead(body.substr(0, head), part);
    part.content = end > head + 4 ? body.substr(head + 4, end - head - 4) : std::string_view();
    parts.push_back(std::move(part));
    body.remove_prefix(end + next.size());
  }
  return parts;
}

}  // namespace callbridge::simulator
