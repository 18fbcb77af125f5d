// Reads things of an account: one by its path, or all of a list, page after page (docs/provider.md
// §1.3). It knows none of them.
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "server/admin/account_link.h"
#include "server/provider/json_reader.h"

namespace callbridge::admin {

// A thing of the account. Absent means that the account has none. An error is one of AccountLink.
template <typename Thing>
using Seen = absl::StatusOr<std::optional<Thing>>;

// Hands every item of all pages to `take`, until it returns false. page_path: of the page with this
// number, from 0.
absl::Status ReadPages(AccountLink& link, const std::function<std::string(int)>& page_path,
                       std::string_view items_name,
                       const std::function<bool(const provider::JsonObject&)>& take);

// Hands the object of a body to `take`. UNAVAILABLE means that the body is none.
absl::Status ReadObject(std::string_view body,
                        const std::function<void(const provider::JsonObject&)>& take);

template <typename Thing>
Seen<Thing> Find(AccountLink& link, const std::string& target,
                 Thing (*read)(const provider::JsonObject&)) {
  const absl::StatusOr<std::string> body = link.Get(target);
  if (absl::IsNotFound(body.status())) return std::nullopt;
  if (!body.ok()) return body.status();
  std::optional<Thing> found;
  const absl::Status status =
      ReadObject(*body, [&](const provider::JsonObject& object) { found = read(object); });
  if (!status.ok()) return status;
  return found;
}

}  // namespace callbridge::admin
