#include "server/provider/json_writer.h"

#include <absl/strings/str_format.h>

#include <utility>

#include "server/base/json_text.h"

namespace callbridge::provider {

void JsonWriter::BeginObject(std::string_view name) {
  Name(name);
  json_ += '{';
  comma_ = false;
}

void JsonWriter::EndObject() {
  json_ += '}';
  comma_ = true;
}

void JsonWriter::BeginArray(std::string_view name) {
  Name(name);
  json_ += '[';
  comma_ = false;
}

void JsonWriter::EndArray() {
  json_ += ']';
  comma_ = true;
}

void JsonWriter::BeginItem() {
  Comma();
  json_ += '{';
  comma_ = false;
}

void JsonWriter::TextItem(std::string_view text) {
  Comma();
  base::AppendJsonString(text, json_);
}

void JsonWriter::BeginArrayItem() {
  Comma();
  json_ += '[';
  comma_ = false;
}

void JsonWriter::Text(std::string_view name, std::string_view text) {
  Name(name);
  base::AppendJsonString(text, json_);
}

void JsonWriter::Bool(std::string_view name, bool value) {
  Name(name);
  json_ += value ? "true" : "false";
}

void JsonWriter::Integer(std::string_view name, std::int64_t number) {
  Name(name);
  json_ += std::to_string(number);
}

void JsonWriter::Real(std::string_view name, double number) {
  Name(name);
  json_ += absl::StrFormat("%.6g", number);
}

void JsonWriter::Raw(std::string_view name, std::string_view json) {
  Name(name);
  json_ += json;
}

void JsonWriter::RawItem(std::string_view json) {
  Comma();
  json_ += json;
}

std::string JsonWriter::Take() && {
  json_ += '}';
  return std::move(json_);
}

void JsonWriter::Comma() {
  if (comma_) json_ += ',';
  comma_ = true;
}

void JsonWriter::Name(std::string_view name) {
  Comma();
  base::AppendJsonString(name, json_);
  json_ += ':';
}

}  // namespace callbridge::provider
