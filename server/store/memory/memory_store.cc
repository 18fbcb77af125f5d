#include "server/store/memory/memory_store.h"

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <utility>

#include "server/base/check.h"
#include "server/store/memory/memory_tables.h"
#include "server/store/table_store.h"

namespace callbridge::store {
namespace {

// One transaction at a time. Nothing can fail halfway here, and work that refuses does so before
// its first change, so there is nothing to roll back.
class MemoryEngine final : public Engine {
 public:
  absl::Status Write(const std::function<absl::Status(Transaction&)>& work) override {
    absl::MutexLock lock(&mutex_);
    return work(tables_);
  }

  absl::Status Read(const std::function<absl::Status(View&)>& work) override {
    absl::MutexLock lock(&mutex_);
    return work(tables_);
  }

 private:
  absl::Mutex mutex_;
  MemoryTables tables_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::unique_ptr<Engine> MakeMemoryEngine() { return std::make_unique<MemoryEngine>(); }

std::unique_ptr<Store> MakeMemoryStore() {
  absl::StatusOr<std::unique_ptr<Store>> made = MakeTableStore(MakeMemoryEngine());
  base::Check(made.ok(), "a store in memory cannot fail to be made");
  return std::move(*made);
}

}  // namespace callbridge::store
