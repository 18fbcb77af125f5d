#include "server/settings/field_validation.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>

#include <cstddef>
#include <map>
#include <memory>
#include <optional>

#include "server/base/check.h"
#include "server/base/duration_text.h"
#include "server/base/field_text.h"
#include "server/base/rule.h"
#include "server/settings/plan_validation.h"
#include "server/settings/text_forms.h"

namespace callbridge::settings {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Duration;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;
using rule::v1::Rule;

int CountOf(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  if (field.is_repeated()) return reflection.FieldSize(message, &field);
  return reflection.HasField(message, &field) ? 1 : 0;
}

// Returns one duration of the field. If the field is not repeated, item 0 is its value.
Duration DurationAt(const Message& message, const FieldDescriptor& field, int index) {
  const auto& reflection = *message.GetReflection();
  Duration duration;
  duration.CopyFrom(field.is_repeated() ? reflection.GetRepeatedMessage(message, &field, index)
                                        : reflection.GetMessage(message, &field));
  return duration;
}

std::string TextAt(const Message& message, const FieldDescriptor& field, int index) {
  const auto& reflection = *message.GetReflection();
  return field.is_repeated() ? reflection.GetRepeatedString(message, &field, index)
                             : reflection.GetString(message, &field);
}

double NumberAt(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.GetInt32(message, &field);
    case FieldDescriptor::CPPTYPE_INT64:
      return static_cast<double>(reflection.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.GetDouble(message, &field);
    default:
      base::Check(false, "only numbers and durations have a range");
      return 0;
  }
}

std::string PathOfItem(const std::string& path, const FieldDescriptor& field, int index) {
  return field.is_repeated() ? ItemPath(path, static_cast<std::size_t>(index)) : path;
}

// Calls visit(message, path) for every message that the field holds. The entries of a map come in
// the order of their names.
template <typename Visit>
void VisitMessages(const Message& message, const FieldDescriptor& field, const std::string& path,
                   const Visit& visit) {
  const auto& reflection = *message.GetReflection();
  if (!field.is_repeated()) return visit(reflection.GetMessage(message, &field), path);
  std::map<std::string, const Message*> named;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const Message& item = reflection.GetRepeatedMessage(message, &field, i);
    if (!field.is_map()) {
      visit(item, PathOfItem(path, field, i));
      continue;
    }
    const std::string key = item.GetReflection()->GetString(item, field.message_type()->map_key());
    named[key] = &item.GetReflection()->GetMessage(item, field.message_type()->map_value());
  }
  for (const auto& [name, item] : named) visit(*item, FieldPath(path, name));
}

bool HoldsMessages(const FieldDescriptor& field) {
  const FieldDescriptor& value = field.is_map() ? *field.message_type()->map_value() : field;
  return !base::IsScalar(value);
}

class Validator {
 public:
  explicit Validator(Findings& findings) : findings_(findings) {}

  void ValidateMessage(const Message& message, const std::string& path);

 private:
  void ValidateOneofs(const Message& message, const std::string& path);
  void ValidateField(const Message& message, const FieldDescriptor& field, const std::string& path);
  // Checks whether the field is set as it should be. Returns true if its value is to be checked
  // too.
  bool ValidatePresence(const Message& message, const FieldDescriptor& field, const Rule& rule,
                        const std::string& path);
  void ValidateRange(const Message& message, const FieldDescriptor& field, const Rule& rule,
                     const std::string& path);
  void ValidateOrder(const Message& message, const std::string& path);

  Findings& findings_;
};

void Validator::ValidateMessage(const Message& message, const std::string& path) {
  const std::size_t violations_before = findings_.violations.size();
  ValidateOneofs(message, path);
  const Descriptor& descriptor = *message.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    ValidateField(message, *descriptor.field(i), FieldPath(path, descriptor.field(i)->name()));
  }
  // The order is checked only if all values are good, so that a value out of range is reported
  // once.
  if (findings_.violations.size() == violations_before) ValidateOrder(message, path);
}

void Validator::ValidateOneofs(const Message& message, const std::string& path) {
  const Descriptor& descriptor = *message.GetDescriptor();
  for (int i = 0; i < descriptor.real_oneof_decl_count(); ++i) {
    const OneofDescriptor& oneof = *descriptor.oneof_decl(i);
    const std::string& needed = oneof.options().GetExtension(rule::v1::needed);
    if (!needed.empty() && !message.GetReflection()->HasOneof(message, &oneof)) {
      findings_.Refuse(path, needed);
    }
  }
}

// True for a message that is left out although its rules require it, or that has warnings.
bool IsLookedAt(const FieldDescriptor& field) {
  if (field.is_repeated() || field.real_containing_oneof() != nullptr) return false;
  const Descriptor& type = *field.message_type();
  for (int i = 0; i < type.real_oneof_decl_count(); ++i) {
    if (type.oneof_decl(i)->options().HasExtension(rule::v1::needed)) return true;
  }
  return base::HasDefaults(type);
}

void Validator::ValidateField(const Message& message, const FieldDescriptor& field,
                              const std::string& path) {
  const int count = CountOf(message, field);
  if (count == 0 && field.real_containing_oneof() != nullptr) return;
  const Rule rule = base::RuleOf(field);
  if (HoldsMessages(field)) {
    ValidatePresence(message, field, rule, path);
    if (count == 0 && !IsLookedAt(field)) return;
    VisitMessages(message, field, path, [this](const Message& item, const std::string& item_path) {
      ValidateMessage(item, item_path);
    });
  } else if (!field.is_map() && ValidatePresence(message, field, rule, path)) {
    ValidateRange(message, field, rule, path);
    for (int i = 0; i < count && rule.form() != rule::v1::FORM_UNSPECIFIED; ++i) {
      const std::optional<std::string> problem = WhyNot(rule.form(), TextAt(message, field, i));
      if (problem.has_value()) findings_.Refuse(PathOfItem(path, field, i), *problem);
    }
  }
}

bool Validator::ValidatePresence(const Message& message, const FieldDescriptor& field,
                                 const Rule& rule, const std::string& path) {
  const int count = CountOf(message, field);
  const bool text = field.cpp_type() == FieldDescriptor::CPPTYPE_STRING && !field.is_repeated();
  if (count == 0 || (text && TextAt(message, field, 0).empty())) {
    if (!rule.required().empty()) findings_.Refuse(path, "required: " + rule.required());
    if (!rule.recommended().empty()) findings_.Warn(path, rule.recommended());
    return count > 0 && rule.required().empty();
  }
  if (!rule.warning().empty()) findings_.Warn(path, rule.warning());
  if (rule.items_max() > 0 && count > rule.items_max()) {
    findings_.Refuse(path, absl::StrFormat("has more than %d entries", rule.items_max()));
  }
  return true;
}

// Returns a text like "requests per second; a slower request would never leave in its time".
std::string BehindRange(const Rule& rule) {
  return absl::StrCat(rule.unit().empty() ? "" : " ", rule.unit(),
                      rule.reason().empty() ? "" : "; ", rule.reason());
}

base::Duration DurationOf(const std::string& text) {
  const std::optional<base::Duration> duration = base::ParseDuration(text);
  base::Check(duration.has_value(), "the range of a duration can be read");
  return *duration;
}

void Validator::ValidateRange(const Message& message, const FieldDescriptor& field,
                              const Rule& rule, const std::string& path) {
  if (rule.min().empty()) return;
  if (field.message_type() != Duration::descriptor()) {
    const double value = NumberAt(message, field);
    // This condition also refuses NaN, for which every comparison is false.
    if (value >= std::stod(rule.min()) && value <= std::stod(rule.max())) return;
    findings_.Refuse(path,
                     absl::StrCat("must be ", rule.min(), " to ", rule.max(), BehindRange(rule)));
    return;
  }
  base::Duration last{0};
  for (int i = 0; i < CountOf(message, field); ++i) {
    const Duration duration = DurationAt(message, field, i);
    settings::ValidateRange(duration, DurationOf(rule.min()), DurationOf(rule.max()),
                            PathOfItem(path, field, i), findings_);
    const base::Duration value = base::FromProtoDuration(duration);
    if (rule.rising() && value <= last) {
      findings_.Refuse(PathOfItem(path, field, i), "must be longer than the one before it");
    }
    last = value;
  }
}

void Validator::ValidateOrder(const Message& message, const std::string& path) {
  const Descriptor& descriptor = *message.GetDescriptor();
  std::unique_ptr<Message> filled;
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    const std::string shorter_name = base::RuleOf(field).longer_than();
    if (shorter_name.empty()) continue;
    if (filled == nullptr) {
      filled.reset(message.New());
      filled->CopyFrom(message);
      base::FillDefaults(*filled);
    }
    const FieldDescriptor& shorter = *descriptor.FindFieldByName(shorter_name);
    const auto length = [&filled](const FieldDescriptor& which) {
      return base::FromProtoDuration(DurationAt(*filled, which, CountOf(*filled, which) - 1));
    };
    if (length(field) > length(shorter)) continue;
    findings_.Refuse(FieldPath(path, field.name()),
                     absl::StrCat("must be longer than ",
                                  shorter.is_repeated() ? "the last of " : "", shorter_name));
  }
}

}  // namespace

void ValidateFields(const Message& message, const std::string& path, Findings& findings) {
  Validator(findings).ValidateMessage(message, path);
}

void VisitTexts(const Message& message, const std::string& path, const TextVisitor& visit) {
  const Descriptor& descriptor = *message.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    const std::string field_path = FieldPath(path, field.name());
    const int count = CountOf(message, field);
    if (HoldsMessages(field)) {
      if (count == 0) continue;
      VisitMessages(message, field, field_path,
                    [&visit](const Message& item, const std::string& item_path) {
                      VisitTexts(item, item_path, visit);
                    });
      continue;
    }
    const rule::v1::Form form = base::RuleOf(field).form();
    for (int j = 0; j < count && form != rule::v1::FORM_UNSPECIFIED; ++j) {
      visit(form, TextAt(message, field, j), PathOfItem(field_path, field, j));
    }
  }
}

}  // namespace callbridge::settings
