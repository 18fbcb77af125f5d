#include "server/store/rules/store_meta.h"

#include <absl/strings/str_format.h>

#include <optional>
#include <random>

namespace callbridge::store {
namespace {

constexpr char kStoreIdMeta[] = "store_id";
constexpr char kServiceIdMeta[] = "service_id";
constexpr char kRunningMeta[] = "running";

// The one place with chance in it: two stores must never have the same id.
std::string RandomStoreId() {
  std::random_device device;
  std::string id;
  for (int word = 0; word < 4; ++word) id += absl::StrFormat("%08x", device());
  return id;
}

}  // namespace

std::string StoreIdOf(Transaction& tables) {
  if (const std::optional<std::string> known = tables.Meta(kStoreIdMeta)) return *known;
  const std::string id = RandomStoreId();
  tables.SetMeta(kStoreIdMeta, id);
  return id;
}

void RenewStoreId(Transaction& tables) {
  // A store without an id gets one anyway.
  if (tables.Meta(kStoreIdMeta)) tables.SetMeta(kStoreIdMeta, RandomStoreId());
}

absl::Status ClaimServiceId(Transaction& tables, const std::string& service_id) {
  const std::optional<std::string> owner = tables.Meta(kServiceIdMeta);
  if (owner && *owner != service_id) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "the store belongs to service_id \"%s\" and cannot serve \"%s\": set service_id back, "
        "or give this service a store of its own",
        *owner, service_id));
  }
  if (!owner) tables.SetMeta(kServiceIdMeta, service_id);
  return absl::OkStatus();
}

bool BeginRun(Transaction& tables) {
  const bool crashed = tables.Meta(kRunningMeta).value_or("no") == "yes";
  tables.SetMeta(kRunningMeta, "yes");
  return crashed;
}

void EndRun(Transaction& tables) { tables.SetMeta(kRunningMeta, "no"); }

}  // namespace callbridge::store
