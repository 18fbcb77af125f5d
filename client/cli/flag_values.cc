#include "client/cli/flag_values.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>

#include "client/cli/words.h"

namespace callbridge::cli {

absl::StatusOr<int> ParseEnumWord(const google::protobuf::EnumDescriptor& type,
                                  const std::string& flag, const std::string& text) {
  const std::string wanted = absl::AsciiStrToUpper(text);
  for (int i = 0; i < type.value_count(); ++i) {
    const int number = type.value(i)->number();
    if (number != 0 && EnumWord(type, number) == wanted) return number;
  }
  return absl::InvalidArgumentError(absl::StrFormat("--%s: \"%s\" is not one of %s", flag, text,
                                                    absl::StrJoin(Words(type), ", ")));
}

absl::StatusOr<std::optional<bool>> ReadYesOrNo(const base::Arguments& arguments,
                                                const std::string& flag) {
  const auto text = arguments.Value(flag);
  if (!text.has_value()) return std::nullopt;
  if (*text == "yes") return true;
  if (*text == "no") return false;
  return absl::InvalidArgumentError(
      absl::StrFormat("--%s: \"%s\" is neither yes nor no", flag, *text));
}

}  // namespace callbridge::cli
