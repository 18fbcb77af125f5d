// Writes one JSON document, member by member, in the order of the calls. It keeps the commas and
// the escapes right; it does not check that objects and arrays are closed in order. Absent members
// are left out or written as null, by the style.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "server/base/time.h"

namespace callbridge::simulator {

// How a date-time ends: docs/provider.md §1.3.
enum class TimeFormat { kPlusZeros, kZulu, kPlusColon };

struct Style {
  TimeFormat times = TimeFormat::kPlusZeros;
  bool absent_as_null = false;
  bool unknown_states = false;
};

// "2026-01-15T11:59:30.000+0000".
std::string FormatMoment(base::Time time, TimeFormat format = TimeFormat::kPlusZeros);
// Quoted and escaped. Bytes that are not UTF-8 are the caller's business.
std::string QuoteJson(std::string_view text);

class JsonWriter {
 public:
  explicit JsonWriter(Style style = {}) : style_(style) {}

  // Elements of an array, or the document itself.
  void BeginObject();
  void EndObject();
  void String(std::string_view text);

  // Members of an object.
  void BeginObject(std::string_view name);
  void BeginArray(std::string_view name);
  void EndArray();
  void Text(std::string_view name, std::string_view text);
  void Integer(std::string_view name, std::int64_t number);
  void Real(std::string_view name, double number);
  void Flag(std::string_view name, bool flag);
  void Moment(std::string_view name, base::Time time);
  void TextMap(std::string_view name, const std::map<std::string, std::string>& map);
  // A document already written.
  void Raw(std::string_view name, std::string_view json);
  void Absent(std::string_view name);
  // Empty or nullopt is absent.
  void TextIfAny(std::string_view name, std::string_view text);
  void MomentIfAny(std::string_view name, const std::optional<base::Time>& time);
  void TextMapIfAny(std::string_view name, const std::map<std::string, std::string>& map);

  const Style& style() const { return style_; }
  std::string Take() { return std::move(text_); }

 private:
  void Comma();
  void Key(std::string_view name);

  Style style_;
  std::string text_;
  bool comma_ = false;
};

}  // namespace callbridge::simulator
