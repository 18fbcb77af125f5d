#include "tests/simulator/schema.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <set>

namespace callbridge::simulator {
namespace {

using simdjson::dom::element;
using Kind = Field::Kind;

std::size_t CountCodePoints(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char character) {
    return (static_cast<unsigned char>(character) & 0xc0U) != 0x80U;
  }));
}

bool IsToken(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '_' || character == '-';
  });
}

bool IsPhoneNumber(std::string_view text, const ValidationRules& rules) {
  if (rules.plus_in_numbers && text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.size() <= 15 &&
         std::all_of(text.begin(), text.end(),
                     [](char digit) { return digit >= '0' && digit <= '9'; });
}

class Validator {
 public:
  Validator(const ValidationRules& rules, ValidationErrors& errors)
      : rules_(rules), errors_(errors) {}

  void Object(const Schema& schema, const simdjson::dom::object& object, const std::string& path) {
    const std::vector<Field> fields = FieldsOf(schema, object, path);
    std::set<std::string_view> seen;
    for (const auto member : object) {
      const std::string where = Join(path, member.key);
      if (!seen.insert(member.key).second) Add(where, "must not be repeated");
      if (!schema.variants.empty() && member.key == "type") continue;
      const auto field = std::find_if(fields.begin(), fields.end(), [&](const Field& candidate) {
        return candidate.name == member.key;
      });
      if (field == fields.end()) {
        Add(where, "is not a known field");
      } else {
        Value(*field, member.value, where);
      }
    }
    for (const Field& field : fields) {
      if (field.required && !seen.contains(field.name)) {
        Add(Join(path, field.name), "must not be null");
      }
    }
  }

 private:
  static std::string Join(const std::string& path, std::string_view name) {
    return path.empty() ? std::string(name) : path + "." + std::string(name);
  }

  void Add(const std::string& path, std::string what) { errors_[path].push_back(std::move(what)); }

  std::vector<Field> FieldsOf(const Schema& schema, const simdjson::dom::object& object,
                              const std::string& path) {
    std::vector<Field> fields = schema.fields;
    if (schema.variants.empty()) return fields;
    std::string_view type;
    element given;
    if (schema.type_optional && object["type"].get(given) != simdjson::SUCCESS) return fields;
    if (object["type"].get(type) != simdjson::SUCCESS) {
      Add(Join(path, "type"), "must be a text");
      return fields;
    }
    for (const auto& [name, own] : schema.variants) {
      if (name != type) continue;
      fields.insert(fields.end(), own.begin(), own.end());
      return fields;
    }
    Add(Join(path, "type"), "is not a known type");
    return fields;
  }

  void Value(const Field& field, const element& value, const std::string& where) {
    switch (field.kind) {
      case Kind::kText:
      case Kind::kPhoneNumber:
      case Kind::kToken:
      case Kind::kChoice:
        return Text(field, value, where);
      case Kind::kInteger32:
      case Kind::kInteger64:
        return Integer(field, value, where);
      case Kind::kReal: {
        double number = 0;
        if (value.get(number) != simdjson::SUCCESS) return Add(where, "must be a number");
        return Range(field, number, where);
      }
      case Kind::kFlag:
        if (!value.is_bool()) Add(where, "must be true or false");
        return;
      case Kind::kObject: {
        simdjson::dom::object object;
        if (value.get(object) != simdjson::SUCCESS) return Add(where, "must be an object");
        return Object(*field.object, object, where);
      }
      case Kind::kTextMap:
        return TextMap(value, where);
      case Kind::kTextList:
        return TextList(field, value, where);
      case Kind::kObjectList:
        return ObjectList(field, value, where);
    }
  }

  void Range(const Field& field, double number, const std::string& where) {
    if (number < field.min) {
      Add(where, absl::StrFormat("must be greater than or equal to %g", field.min));
    }
    if (number > field.max) {
      Add(where, absl::StrFormat("must be less than or equal to %g", field.max));
    }
  }

  void Integer(const Field& field, const element& value, const std::string& where) {
    std::int64_t number = 0;
    if (value.get(number) != simdjson::SUCCESS) {
      return Add(where, "must be a whole number");
    }
    if (field.kind == Kind::kInteger32 && (number > std::numeric_limits<std::int32_t>::max() ||
                                           number < std::numeric_limits<std::int32_t>::min())) {
      return Add(where, "must fit in 32 bits");
    }
    Range(field, static_cast<double>(number), where);
  }

  void Text(const Field& field, const element& value, const std::string& where) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return Add(where, "must be a text");
    if (field.required && text.empty()) return Add(where, "must not be empty");
    if (field.kind == Kind::kPhoneNumber && !IsPhoneNumber(text, rules_)) {
      return Add(where, "must be a phone number in E.164 digits");
    }
    if (field.kind == Kind::kToken && !IsToken(text)) {
      return Add(where, "must match ^[a-zA-Z0-9_-]*$");
    }
    if (field.kind == Kind::kChoice) {
      const auto& choices = *field.choices;
      if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
        Add(where, "is not one of the allowed values");
      }
      return;
    }
    const auto characters = static_cast<double>(CountCodePoints(text));
    if (characters < field.min || characters > field.max) {
      Add(where,
          absl::StrFormat("must have %g to %g characters", std::max(field.min, 0.0), field.max));
    }
  }

  void TextMap(const element& value, const std::string& where) {
    simdjson::dom::object map;
    if (value.get(map) != simdjson::SUCCESS) return Add(where, "must be an object");
    std::set<std::string_view> seen;
    for (const auto entry : map) {
      if (!entry.value.is_string()) Add(Join(where, entry.key), "must be a text");
      if (!seen.insert(entry.key).second) Add(Join(where, entry.key), "must not be repeated");
    }
  }

  void TextList(const Field& field, const element& value, const std::string& where) {
    simdjson::dom::array list;
    if (value.get(list) != simdjson::SUCCESS) return Add(where, "must be an array");
    if (static_cast<double>(list.size()) > field.max) Add(where, "has too many items");
    for (const element item : list) {
      std::string_view text;
      if (item.get(text) != simdjson::SUCCESS) {
        Add(where, "must hold texts only");
      } else if (field.choices != nullptr && std::find(field.choices->begin(), field.choices->end(),
                                                       text) == field.choices->end()) {
        Add(where, "must hold allowed values only");
      }
    }
  }

  void ObjectList(const Field& field, const element& value, const std::string& where) {
    simdjson::dom::array list;
    if (value.get(list) != simdjson::SUCCESS) return Add(where, "must be an array");
    if (static_cast<double>(list.size()) > field.max) Add(where, "has too many items");
    std::size_t index = 0;
    for (const element item : list) {
      const std::string item_path = where + "[" + std::to_string(index++) + "]";
      simdjson::dom::object object;
      if (item.get(object) != simdjson::SUCCESS) {
        Add(item_path, "must be an object");
      } else {
        Object(*field.object, object, item_path);
      }
    }
  }

  const ValidationRules& rules_;
  ValidationErrors& errors_;
};

}  // namespace

void Validate(const Schema& schema, const simdjson::dom::object& object,
              const ValidationRules& rules, const std::string& path, ValidationErrors& errors) {
  Validator(rules, errors).Object(schema, object, path);
}

}  // namespace callbridge::simulator
