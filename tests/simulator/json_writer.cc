#include "tests/simulator/json_writer.h"

#include <absl/strings/str_format.h>

#include <chrono>

namespace callbridge::simulator {

std::string FormatMoment(base::Time time, TimeFormat format) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(time - days));
  const char* zone = "+0000";
  if (format == TimeFormat::kZulu) zone = "Z";
  if (format == TimeFormat::kPlusColon) zone = "+00:00";
  return absl::StrFormat("%04d-%02d-%02dT%02d:%02d:%02d.%03d%s", static_cast<int>(date.year()),
                         static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                         clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                         clock.subseconds().count(), zone);
}

std::string QuoteJson(std::string_view text) {
  std::string quoted = "\"";
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (character == '"' || character == '\\') {
      quoted += '\\';
      quoted += character;
    } else if (byte < 0x20) {
      quoted += absl::StrFormat("\\u%04x", byte);
    } else {
      quoted += character;
    }
  }
  return quoted + '"';
}

void JsonWriter::Comma() {
  if (comma_) text_ += ',';
  comma_ = true;
}

void JsonWriter::Key(std::string_view name) {
  Comma();
  text_ += QuoteJson(name);
  text_ += ':';
}

void JsonWriter::BeginObject() {
  Comma();
  text_ += '{';
  comma_ = false;
}

void JsonWriter::EndObject() {
  text_ += '}';
  comma_ = true;
}

void JsonWriter::String(std::string_view text) {
  Comma();
  text_ += QuoteJson(text);
}

void JsonWriter::BeginObject(std::string_view name) {
  Key(name);
  text_ += '{';
  comma_ = false;
}

void JsonWriter::BeginArray(std::string_view name) {
  Key(name);
  text_ += '[';
  comma_ = false;
}

void JsonWriter::EndArray() {
  text_ += ']';
  comma_ = true;
}

void JsonWriter::Text(std::string_view name, std::string_view text) {
  Key(name);
  text_ += QuoteJson(text);
}

void JsonWriter::Integer(std::string_view name, std::int64_t number) {
  Key(name);
  text_ += std::to_string(number);
}

void JsonWriter::Real(std::string_view name, double number) {
  Key(name);
  text_ += absl::StrFormat("%.9g", number);
}

void JsonWriter::Flag(std::string_view name, bool flag) {
  Key(name);
  text_ += flag ? "true" : "false";
}

void JsonWriter::Moment(std::string_view name, base::Time time) {
  Text(name, FormatMoment(time, style_.times));
}

void JsonWriter::TextMap(std::string_view name, const std::map<std::string, std::string>& map) {
  BeginObject(name);
  for (const auto& [key, value] : map) Text(key, value);
  EndObject();
}

void JsonWriter::Raw(std::string_view name, std::string_view json) {
  Key(name);
  text_ += json;
}

void JsonWriter::Absent(std::string_view name) {
  if (style_.absent_as_null) Raw(name, "null");
}

void JsonWriter::TextIfAny(std::string_view name, std::string_view text) {
  if (text.empty()) return Absent(name);
  Text(name, text);
}

void JsonWriter::MomentIfAny(std::string_view name, const std::optional<base::Time>& time) {
  if (!time.has_value()) return Absent(name);
  Moment(name, *time);
}

void JsonWriter::TextMapIfAny(std::string_view name,
                              const std::map<std::string, std::string>& map) {
  if (map.empty()) return Absent(name);
  TextMap(name, map);
}

}  // namespace callbridge::simulator
