#include "server/admin/pages.h"

#include <cstddef>

#include "server/base/limits.h"

namespace callbridge::admin {

using provider::JsonDocument;
using provider::JsonElement;
using provider::JsonObject;

absl::Status ReadObject(std::string_view body, const std::function<void(const JsonObject&)>& take) {
  JsonDocument document;
  if (!document.Parse(body).ok()) return absl::UnavailableError("the answer is no JSON object");
  take(document.object());
  return absl::OkStatus();
}

absl::Status ReadPages(AccountLink& link, const std::function<std::string(int)>& page_path,
                       std::string_view items_name,
                       const std::function<bool(const JsonObject&)>& take) {
  for (int page = 0; page < base::kLookupPagesMax; ++page) {
    const absl::StatusOr<std::string> body = link.Get(page_path(page));
    if (!body.ok()) return body.status();
    bool more = false;
    const absl::Status read = ReadObject(*body, [&](const JsonObject& object) {
      const auto items = provider::Array(object, items_name);
      if (!items) return;
      for (const JsonElement element : *items) {
        // A short page may be the last one, but only an empty one says so in every way of paging.
        more = true;
        JsonObject item;
        if (element.get(item) == simdjson::SUCCESS && !take(item)) {
          more = false;
          return;
        }
      }
      if (const auto paging = provider::Object(object, "paging")) {
        const auto pages = provider::Integer(*paging, "totalPages");
        if (pages && page + 1 >= *pages) more = false;
      }
    });
    if (!read.ok()) return read;
    if (!more) return absl::OkStatus();
  }
  return absl::UnavailableError("the list has more pages than are read");
}

}  // namespace callbridge::admin
