// Checks a text of the settings against the form that the rule of its field names. A new form is a
// value of rule.v1.Form and a row in text_forms.cc. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "callbridge/rule/v1/rule.pb.h"

namespace callbridge::settings {

// The suffix of all hosts of the provider (docs/provider.md §1.1).
inline constexpr std::string_view kProviderHosts = ".infobip.com";

// Returns what is wrong with the text, as a sentence without its subject; absent if the text is
// valid. It never repeats the text.
std::optional<std::string> WhyNot(rule::v1::Form form, const std::string& text);

}  // namespace callbridge::settings
