#include "server/store/sqlite/sqlite_store.h"

#include <absl/base/thread_annotations.h>
#include <absl/strings/str_format.h>
#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "server/base/bell.h"
#include "server/base/throttled_log.h"
#include "server/store/rules/store_meta.h"
#include "server/store/sqlite/connection.h"
#include "server/store/sqlite/file_identity.h"
#include "server/store/sqlite/group_commit.h"
#include "server/store/sqlite/log_keeper.h"
#include "server/store/sqlite/schema.h"
#include "server/store/sqlite/sqlite_transaction.h"
#include "server/store/table_store.h"

namespace callbridge::store {
namespace {

// This entry is set once the lock file has a record of the file. From then on a lock file without a
// record means that the file is a copy.
constexpr char kGuardedMeta[] = "guarded";

class SqliteEngine final : public Engine {
 public:
  SqliteEngine(FileIdentity identity, std::unique_ptr<Connection> writer,
               std::vector<std::unique_ptr<Connection>> readers)
      : identity_(std::move(identity)),
        writer_(std::move(writer)),
        transaction_(*writer_),
        group_commit_([this](const GroupCommit::Batch& batch) { RunBatch(batch); }),
        readers_(std::move(readers)),
        log_keeper_(*writer_, identity_) {}

  // The last connection that closes copies the log into the file. So the change is recorded before,
  // and the file's new first page after it.
  ~SqliteEngine() override {
    const absl::Status begun = identity_.BeginChange();
    readers_.clear();
    writer_.reset();
    if (!begun.ok()) return;
    LogRecordFailure(begun_ ? identity_.RememberClosed() : identity_.Undo());
  }

  // Prepares the file. This is called once, before any other method. It gives a new id to a file
  // that was replaced and to a copy, so that tokens of the former store are refused. It changes the
  // file, so that it differs from every copy that was made before.
  absl::Status Begin(FileIdentity::Finding finding, bool new_id) {
    const absl::Status status = Write([&](Transaction& tables) {
      const bool guarded = tables.Meta(kGuardedMeta).has_value();
      const bool copied = finding == FileIdentity::Finding::kUnknown && guarded;
      const bool another = copied || finding == FileIdentity::Finding::kAnother || new_id;
      WriteSet changes;
      if (another) RenewStoreId(tables, changes);
      if (!guarded) changes.metas.emplace_back(kGuardedMeta, "yes");
      tables.Write(changes);
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    begun_ = true;
    log_keeper_.CopyLog(true);
    return absl::OkStatus();
  }

  absl::Status Write(const std::function<absl::Status(Transaction&)>& work) override {
    return group_commit_.Run(work);
  }

  // Never calls back, because the lock file keeps every other process away.
  void OnForeignChange(std::function<void()>) override {}

  absl::Status Read(const std::function<absl::Status(View&)>& work) override {
    std::unique_ptr<Connection> reader = BorrowReader();
    absl::Status status;
    {
      SqliteView view(*reader);
      reader->Execute("BEGIN");
      status = work(view);
      reader->Execute("COMMIT");
    }
    absl::Status failure = reader->TakeFailure();
    if (!failure.ok() && reader->was_unreadable()) failure = TellOfDamage(failure);
    if (!failure.ok() && reader->in_transaction()) {
      reader->Execute("ROLLBACK");
      // A reader that cannot release its transaction fails its next BEGIN as well, and that failure
      // is reported.
      status = reader->TakeFailure();
    }
    absl::MutexLock lock(&mutex_);
    readers_.push_back(std::move(reader));
    reader_home_.Ring();
    return failure.ok() ? status : failure;
  }

 private:
  // Reports a damaged page that a read has met. The server goes on, because other pages can still
  // be read. Only the writer ends the server when it meets damage.
  absl::Status TellOfDamage(const absl::Status& failure) {
    damage_log_.Log(base::LogLevel::kError, "store_damaged", {}, std::string(failure.message()));
    return absl::DataLossError(absl::StrFormat(
        "the store is damaged (%s): restore it from a backup", std::string(failure.message())));
  }

  std::unique_ptr<Connection> BorrowReader() {
    const auto some_left = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return !readers_.empty() && !readers_held_;
    };
    absl::MutexLock lock(&mutex_, absl::Condition(&some_left));
    std::unique_ptr<Connection> reader = std::move(readers_.back());
    readers_.pop_back();
    return reader;
  }

  // Runs the work of the batch. The present leader calls this. Each entry has a savepoint, so that
  // an entry that fails does not affect the others.
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
    if (failure.ok()) return MaybeCopyLog();
    const bool disk_is_full = writer_->was_full();
    // No entry of the batch took effect, so entries whose work succeeded fail as well.
    if (writer_->in_transaction()) {
      writer_->Execute("ROLLBACK");
      failure.Update(writer_->TakeFailure());
    }
    transaction_.ForgetCaches();
    for (GroupCommit::Entry* entry : batch) entry->status = failure;
    // Whoever tries again may find room in the log.
    if (disk_is_full) MakeRoomInLog();
  }

  // Copies the log if that is due. This runs between two batches, so that the writer does not wait
  // for other readers.
  void MaybeCopyLog() {
    if (!log_keeper_.due()) return;
    const bool cut = log_keeper_.wants_cut() && HoldReaders();
    log_keeper_.CopyLog(cut);
    ReleaseReaders();
  }

  // Reads are held back, because the log is written from its beginning only while no read is in it.
  void MakeRoomInLog() {
    if (!log_keeper_.may_make_room()) return;
    HoldReaders();
    log_keeper_.CopyLog(false);
    ReleaseReaders();
  }

  // Lets no new read begin, and waits a moment for running reads. Returns false if a read takes
  // longer.
  bool HoldReaders() {
    const auto all_home = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return static_cast<int>(readers_.size()) == base::kStoreReadersMax;
    };
    absl::MutexLock lock(&mutex_);
    readers_held_ = true;
    return reader_home_.WaitFor(mutex_, base::kReadersHeldMax, all_home);
  }

  void ReleaseReaders() {
    absl::MutexLock lock(&mutex_);
    readers_held_ = false;
  }

  // Runs the work of one entry. A returned error fails the whole batch.
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

  // The identity is declared first, so that its lock is released last.
  FileIdentity identity_;
  bool begun_ = false;
  std::unique_ptr<Connection> writer_;
  // Only the present leader uses it.
  SqliteTransaction transaction_;
  GroupCommit group_commit_;

  absl::Mutex mutex_;
  base::Bell reader_home_;
  std::vector<std::unique_ptr<Connection>> readers_ ABSL_GUARDED_BY(mutex_);
  bool readers_held_ ABSL_GUARDED_BY(mutex_) = false;
  // This log is never flushed. The count of the last reads that met damage is logged with the next
  // one, or when the store is closed.
  base::ThrottledLog damage_log_;
  // Only the present leader uses it.
  LogKeeper log_keeper_;
};

absl::Status RefuseForeignLog(const std::string& path) {
  return absl::FailedPreconditionError(
      absl::StrFormat("the store \"%s\" is another file than the last server left, and the log of "
                      "that one still lies beside it. Nothing was "
                      "changed. If you restored a backup, remove \"%s-wal\" and \"%s-shm\" and "
                      "start again; if the files do belong together, "
                      "remove \"%s-lock\" instead",
                      path, path, path, path));
}

// How many links are followed. This is the kernel's own limit, without which a ring of links would
// never end.
constexpr int kLinksMax = 40;

// Returns the path without symbolic links. SQLite names the log file after the real one, and two
// names of one file must lead to one lock.
std::string RealPath(const std::string& path) {
  std::error_code error;
  std::filesystem::path target = path;
  // weakly_canonical keeps the name of a link whose file does not exist yet, although the file is
  // made at the link's target.
  for (int links = 0; links < kLinksMax && std::filesystem::is_symlink(target, error); ++links) {
    target = target.parent_path() / std::filesystem::read_symlink(target, error);
  }
  const std::filesystem::path real = std::filesystem::weakly_canonical(target, error);
  return error ? path : real.string();
}

struct Connections {
  std::unique_ptr<Connection> writer;
  std::vector<std::unique_ptr<Connection>> readers;
};

absl::StatusOr<Connections> OpenConnections(const std::string& path, const SqliteOptions& options) {
  Connections connections;
  absl::StatusOr<std::unique_ptr<Connection>> writer =
      Connection::Open(path, Connection::Mode::kReadWrite);
  if (!writer.ok()) return writer.status();
  connections.writer = std::move(*writer);
  connections.writer->StopWhen(options.stop);
  const absl::Status prepared = PrepareFile(*connections.writer, path);
  if (options.stop && options.stop()) {
    return absl::CancelledError("stopped while the store was opened");
  }
  if (!prepared.ok()) return prepared;
  connections.writer->StopWhen({});
  for (int count = 0; count < base::kStoreReadersMax; ++count) {
    absl::StatusOr<std::unique_ptr<Connection>> reader =
        Connection::Open(path, Connection::Mode::kReadOnly);
    if (!reader.ok()) return reader.status();
    connections.readers.push_back(std::move(*reader));
  }
  return connections;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(const std::string& given_path,
                                                       const SqliteOptions& options) {
  const std::string path = RealPath(given_path);
  absl::StatusOr<FileIdentity> identity = FileIdentity::Acquire(path);
  if (!identity.ok()) return identity.status();
  const FileIdentity::Finding finding = identity->Look();
  if (finding == FileIdentity::Finding::kAnother && identity->has_log()) {
    return RefuseForeignLog(path);
  }
  absl::Status status = identity->BeginChange();
  if (!status.ok()) return status;
  absl::StatusOr<Connections> connections = OpenConnections(path, options);
  if (!connections.ok()) {
    LogRecordFailure(finding == FileIdentity::Finding::kSame ? identity->RememberClosed()
                                                             : identity->Undo());
    return connections.status();
  }
  auto engine = std::make_unique<SqliteEngine>(std::move(*identity), std::move(connections->writer),
                                               std::move(connections->readers));
  status = engine->Begin(finding, options.new_id);
  if (!status.ok()) return status;
  return MakeTableStore(std::move(engine));
}

bool HasLog(const std::string& path) { return HasLogBeside(RealPath(path)); }

}  // namespace callbridge::store
