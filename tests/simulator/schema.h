// Validates the body of a request against one of the provider's schemas, strictly: unknown,
// repeated and null members, wrong types, limits and enums are all violations, so that a client's
// bug shows. It knows nothing of calls or their states.
#pragma once

#include <simdjson.h>

#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callbridge::simulator {

// Field path → what is wrong with it: the provider's validationErrors (docs/provider.md §1.4).
using ValidationErrors = std::map<std::string, std::vector<std::string>>;

struct Schema;

struct Field {
  enum class Kind {
    kText,
    // Digits of E.164, at most 15.
    kPhoneNumber,
    // [a-zA-Z0-9_-]*.
    kToken,
    kInteger32,
    kInteger64,
    kReal,
    kFlag,
    kChoice,
    kObject,
    kTextMap,
    // Up to `max` texts, each one of the choices if there are any.
    kTextList,
    // Up to `max` objects.
    kObjectList,
  };

  std::string_view name;
  Kind kind = Kind::kText;
  bool required = false;
  // Of a number, or of a text's characters.
  double min = std::numeric_limits<double>::lowest();
  double max = std::numeric_limits<double>::max();
  const std::vector<std::string_view>* choices = nullptr;
  const Schema* object = nullptr;
};

struct Schema {
  std::vector<Field> fields;
  // If not empty: `type` is required, selects one of these, and the fields are added to `fields`.
  std::vector<std::pair<std::string_view, std::vector<Field>>> variants;
  // Without `type` only `fields` are known.
  bool type_optional = false;
};

struct ValidationRules {
  bool plus_in_numbers = false;
};

void Validate(const Schema& schema, const simdjson::dom::object& object,
              const ValidationRules& rules, const std::string& path, ValidationErrors& errors);

}  // namespace callbridge::simulator
