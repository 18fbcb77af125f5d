#include "server/store/memory/memory_store.h"

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <map>
#include <utility>

#include "server/base/check.h"
#include "server/store/memory/memory_tables.h"
#include "server/store/table_store.h"

namespace callbridge::store {
namespace {

// The memory that the engines of all replicas share. It runs one transaction at a time. No change
// can fail halfway, and work that refuses does so before its first change, so no rollback is
// needed.
class Memory {
 public:
  absl::Status Write(const std::function<absl::Status(Transaction&)>& work) {
    absl::MutexLock lock(&mutex_);
    tables_.Begin();
    return work(tables_);
  }

  absl::Status Read(const std::function<absl::Status(View&)>& work) {
    absl::MutexLock lock(&mutex_);
    return work(tables_);
  }

  void Join(const Engine* engine, std::function<void()> told) {
    absl::MutexLock lock(&replicas_mutex_);
    replicas_[engine] = std::move(told);
  }

  void Leave(const Engine* engine) {
    absl::MutexLock lock(&replicas_mutex_);
    replicas_.erase(engine);
  }

  // Tells all engines except `engine`, which has changed something.
  void TellOthers(const Engine* engine) {
    absl::MutexLock lock(&replicas_mutex_);
    for (const auto& [replica, told] : replicas_) {
      if (replica != engine) told();
    }
  }

 private:
  absl::Mutex mutex_;
  MemoryTables tables_ ABSL_GUARDED_BY(mutex_);
  // This lock is held while engines are told, so that no engine is told after it was removed.
  absl::Mutex replicas_mutex_;
  std::map<const Engine*, std::function<void()>> replicas_ ABSL_GUARDED_BY(replicas_mutex_);
};

class MemoryEngine final : public Engine {
 public:
  explicit MemoryEngine(std::shared_ptr<Memory> memory) : memory_(std::move(memory)) {}
  ~MemoryEngine() override { memory_->Leave(this); }
  MemoryEngine(const MemoryEngine&) = delete;
  MemoryEngine& operator=(const MemoryEngine&) = delete;

  absl::Status Write(const std::function<absl::Status(Transaction&)>& work) override {
    const absl::Status status = memory_->Write(work);
    if (status.ok()) memory_->TellOthers(this);
    return status;
  }

  absl::Status Read(const std::function<absl::Status(View&)>& work) override {
    return memory_->Read(work);
  }

  void OnForeignChange(std::function<void()> told) override {
    memory_->Join(this, std::move(told));
  }

 private:
  const std::shared_ptr<Memory> memory_;
};

}  // namespace

std::unique_ptr<Engine> MakeMemoryEngine() { return std::move(MakeMemoryReplicas(1).front()); }

std::vector<std::unique_ptr<Engine>> MakeMemoryReplicas(int count) {
  const auto memory = std::make_shared<Memory>();
  std::vector<std::unique_ptr<Engine>> engines;
  for (int replica = 0; replica < count; ++replica) {
    engines.push_back(std::make_unique<MemoryEngine>(memory));
  }
  return engines;
}

std::unique_ptr<Store> MakeMemoryStore() {
  absl::StatusOr<std::unique_ptr<Store>> made = MakeTableStore(MakeMemoryEngine());
  base::Check(made.ok(), "a store in memory cannot fail to be made");
  return std::move(*made);
}

}  // namespace callbridge::store
