// Writes one JSON object, member by member, for the body of a request. It writes commas and
// escapes; the caller adds every member that the object needs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace callbridge::provider {

class JsonWriter {
 public:
  void BeginObject(std::string_view name);
  void EndObject();
  void BeginArray(std::string_view name);
  void EndArray();
  // Begins an object that is an item of the array; EndObject ends it.
  void BeginItem();
  void TextItem(std::string_view text);
  // Begins an array that is an item of the array; EndArray ends it.
  void BeginArrayItem();
  void Text(std::string_view name, std::string_view text);
  void Bool(std::string_view name, bool value);
  void Integer(std::string_view name, std::int64_t number);
  // number: must be finite.
  void Real(std::string_view name, double number);
  // A value that is JSON already.
  void Raw(std::string_view name, std::string_view json);
  void RawItem(std::string_view json);
  // Closes the document and returns it. It may be called once.
  std::string Take() &&;

 private:
  void Comma();
  void Name(std::string_view name);

  std::string json_ = "{";
  bool comma_ = false;
};

}  // namespace callbridge::provider
