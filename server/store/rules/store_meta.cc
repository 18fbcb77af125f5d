#include "server/store/rules/store_meta.h"

#include <absl/strings/str_format.h>

#include <optional>
#include <random>

namespace callbridge::store {
namespace {

constexpr char kStoreIdMeta[] = "store_id";
constexpr char kServiceIdMeta[] = "service_id";
constexpr char kRunningMeta[] = "running";

// Returns a random id, because two stores must never have the same id. It is the only random value
// in the store.
std::string RandomStoreId() {
  std::random_device device;
  std::string id;
  for (int word = 0; word < 4; ++word) id += absl::StrFormat("%08x", device());
  return id;
}

void SetMeta(Transaction& tables, const std::string& name, const std::string& value) {
  WriteSet changes;
  changes.metas.emplace_back(name, value);
  tables.Write(changes);
}

}  // namespace

std::string StoreIdOf(Transaction& tables) {
  tables.Lock({MetaLock(kStoreIdMeta)});
  if (const std::optional<std::string> known = tables.Meta(kStoreIdMeta)) return *known;
  const std::string id = RandomStoreId();
  SetMeta(tables, kStoreIdMeta, id);
  return id;
}

void RenewStoreId(View& tables, WriteSet& changes) {
  // A store without an id gets a new one from StoreIdOf in any case.
  if (tables.Meta(kStoreIdMeta)) changes.metas.emplace_back(kStoreIdMeta, RandomStoreId());
}

absl::Status ClaimServiceId(Transaction& tables, const std::string& service_id) {
  tables.Lock({MetaLock(kServiceIdMeta)});
  const std::optional<std::string> owner = tables.Meta(kServiceIdMeta);
  if (owner && *owner != service_id) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "the store belongs to service_id \"%s\" and cannot serve \"%s\": set service_id back, "
        "or give this service a store of its own",
        *owner, service_id));
  }
  if (!owner) SetMeta(tables, kServiceIdMeta, service_id);
  return absl::OkStatus();
}

bool BeginRun(Transaction& tables) {
  tables.Lock({MetaLock(kRunningMeta)});
  const bool crashed = tables.Meta(kRunningMeta).value_or("no") == "yes";
  SetMeta(tables, kRunningMeta, "yes");
  return crashed;
}

void EndRun(Transaction& tables) {
  tables.Lock({MetaLock(kRunningMeta)});
  SetMeta(tables, kRunningMeta, "no");
}

}  // namespace callbridge::store
