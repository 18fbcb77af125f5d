// Forms of HTTP (multipart/form-data, RFC 7578): the parts of a body, as a client sent them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callbridge::simulator {

struct FormPart {
  // Empty if the part names none.
  std::string name;
  std::string file_name;
  // A view into the body.
  std::string_view content;
};

// content_type: the header's value, with its boundary. Nothing if the body is no such form, or ends
// before its last boundary.
std::optional<std::vector<FormPart>> ParseForm(std::string_view content_type,
                                               std::string_view body);

}  // namespace callbridge::simulator
