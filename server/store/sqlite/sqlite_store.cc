#include "server/store/sqlite/sqlite_store.h"

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "server/store/sqlite/connection.h"
#include "server/store/sqlite/file_lock.h"
#include "server/store/sqlite/group_commit.h"
#include "server/store/sqlite/schema.h"
#include "server/store/sqlite/sqlite_transaction.h"
#include "server/store/table_store.h"

namespace callbridge::store {
namespace {

class SqliteEngine final : public Engine {
 public:
  SqliteEngine(FileLock lock, std::unique_ptr<Connection> writer,
               std::vector<std::unique_ptr<Connection>> readers)
      : lock_(std::move(lock)),
        writer_(std::move(writer)),
        transaction_(*writer_),
        group_commit_([this](const GroupCommit::Batch& batch) { RunBatch(batch); }),
        readers_(std::move(readers)) {}

  absl::Status Write(const std::function<absl::Status(Transaction&)>& work) override {
    return group_commit_.Run(work);
  }

  absl::Status Read(const std::function<absl::Status(View&)>& work) override {
    std::unique_ptr<Connection> reader = BorrowReader();
    absl::Status status;
    {
      SqliteView view(*reader);
      reader->Execute("BEGIN");
      status = work(view);
      reader->Execute("COMMIT");
    }
    const absl::Status failure = reader->TakeFailure();
    if (!failure.ok() && reader->in_transaction()) {
      reader->Execute("ROLLBACK");
      // A reader that cannot even let go fails its next BEGIN as well, and that is reported.
      status = reader->TakeFailure();
    }
    absl::MutexLock lock(&mutex_);
    readers_.push_back(std::move(reader));
    return failure.ok() ? status : failure;
  }

 private:
  std::unique_ptr<Connection> BorrowReader() {
    const auto some_left = [this]()
                               ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !readers_.empty(); };
    absl::MutexLock lock(&mutex_, absl::Condition(&some_left));
    std::unique_ptr<Connection> reader = std::move(readers_.back());
    readers_.pop_back();
    return reader;
  }

  // By the leader of the moment. Each entry has a savepoint, so that one that fails takes none of the others along.
  void RunBatch(const GroupCommit::Batch& batch) {
    writer_->Execute("BEGIN IMMEDIATE");
    absl::Status failure = writer_->TakeFailure();
    for (GroupCommit::Entry* entry : batch) {
      if (failure.ok()) failure = RunEntry(*entry);
    }
    if (failure.ok()) {
      writer_->Execute("COMMIT");
      failure = writer_->TakeFailure();
    }
    if (failure.ok()) return;
    // Nothing of the batch happened: also those whose work went well have to hear it.
    if (writer_->in_transaction()) {
      writer_->Execute("ROLLBACK");
      failure.Update(writer_->TakeFailure());
    }
    transaction_.ForgetCaches();
    for (GroupCommit::Entry* entry : batch) entry->status = failure;
  }

  // A status here fails the whole batch.
  absl::Status RunEntry(GroupCommit::Entry& entry) {
    writer_->Execute("SAVEPOINT entry");
    entry.status = (*entry.work)(transaction_);
    const absl::Status failure = writer_->TakeFailure();
    // A full disk may have ended the whole transaction.
    if (!writer_->in_transaction()) {
      return failure.ok() ? absl::UnavailableError("SQLite ended the transaction") : failure;
    }
    if (!failure.ok()) {
      entry.status = failure;
      writer_->Execute("ROLLBACK TO entry");
      transaction_.ForgetCaches();
    }
    writer_->Execute("RELEASE entry");
    return writer_->TakeFailure();
  }

  // Declared first: let go last.
  const FileLock lock_;
  const std::unique_ptr<Connection> writer_;
  // Used by the leader of the moment only.
  SqliteTransaction transaction_;
  GroupCommit group_commit_;

  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Connection>> readers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(const std::string& path, base::Time now) {
  absl::StatusOr<FileLock> lock = FileLock::Acquire(path);
  if (!lock.ok()) return lock.status();
  absl::StatusOr<std::unique_ptr<Connection>> writer =
      Connection::Open(path, Connection::Mode::kReadWrite);
  if (!writer.ok()) return writer.status();
  const absl::Status prepared = PrepareFile(**writer, path);
  if (!prepared.ok()) return prepared;
  std::vector<std::unique_ptr<Connection>> readers;
  for (int count = 0; count < base::kStoreReadersMax; ++count) {
    absl::StatusOr<std::unique_ptr<Connection>> reader =
        Connection::Open(path, Connection::Mode::kReadOnly);
    if (!reader.ok()) return reader.status();
    readers.push_back(std::move(*reader));
  }
  absl::StatusOr<std::unique_ptr<Store>> store = MakeTableStore(
      std::make_unique<SqliteEngine>(std::move(*lock), std::move(*writer), std::move(readers)));
  if (!store.ok()) return store.status();
  const absl::StatusOr<bool> maintained = (*store)->Maintain(now);
  if (!maintained.ok()) return maintained.status();
  return store;
}

}  // namespace callbridge::store
