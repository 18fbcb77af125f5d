// Writes one JSON object, member by member, as the bodies of requests need it. It keeps commas and
// escapes right and leaves out nothing: what is absent is not added.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace callbridge::provider {

class JsonWriter {
 public:
  void BeginObject(std::string_view name);
  void EndObject();
  void Text(std::string_view name, std::string_view text);
  void Integer(std::string_view name, std::int64_t number);
  // Finite numbers only.
  void Real(std::string_view name, double number);
  // Closes the document, which then is whole. Once.
  std::string Take() &&;

 private:
  void Name(std::string_view name);

  std::string json_ = "{";
  bool comma_ = false;
};

}  // namespace callbridge::provider
