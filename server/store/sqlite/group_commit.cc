#include "server/store/sqlite/group_commit.h"

#include <utility>

#include "server/base/limits.h"

namespace callbridge::store {

GroupCommit::GroupCommit(std::function<void(const Batch&)> run_batch)
    : run_batch_(std::move(run_batch)) {}

absl::Status GroupCommit::Run(const std::function<absl::Status(Transaction&)>& work) {
  Entry entry;
  entry.work = &work;
  absl::MutexLock lock(&mutex_);
  waiting_.push_back(&entry);
  const auto my_turn = [this, &entry]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return entry.done || !leading_;
  };
  for (;;) {
    mutex_.Await(absl::Condition(&my_turn));
    if (entry.done) return entry.status;
    leading_ = true;
    const Batch batch = TakeBatch();
    mutex_.Unlock();
    run_batch_(batch);
    mutex_.Lock();
    leading_ = false;
    // Once `done` is set and the lock is released, the entry may be destroyed.
    for (Entry* one : batch) one->done = true;
  }
}

std::size_t GroupCommit::waiting() const {
  absl::MutexLock lock(&mutex_);
  return waiting_.size();
}

GroupCommit::Batch GroupCommit::TakeBatch() {
  Batch batch;
  while (!waiting_.empty() && batch.size() < base::kGroupCommitMax) {
    batch.push_back(waiting_.front());
    waiting_.pop_front();
  }
  return batch;
}

}  // namespace callbridge::store
