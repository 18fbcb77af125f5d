#include "server/store/sqlite/log_keeper.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "server/base/limits.h"
#include "server/base/log.h"

namespace callbridge::store {
namespace {

constexpr std::int64_t kPageBytes = 4096;

// Increments a counter in the header of the file, so that its first page differs after every copy
// of the log.
void MarkFirstPage(Connection& writer) {
  if (writer.failed()) return;
  std::int64_t version = 0;
  {
    Query query(writer, "PRAGMA user_version");
    if (query.Next()) version = query.Int(0);
  }
  if (!writer.failed()) writer.Execute(absl::StrFormat("PRAGMA user_version = %d", version));
}

void LogFullDisk(const absl::Status& status) {
  base::Log(base::LogLevel::kWarning, "store_disk_full",
            {{"error", std::string(status.message())},
             {"help",
              "make room on the store's disk; until then commits are refused that neither the log "
              "nor the store's file has room for"}});
}

}  // namespace

LogKeeper::LogKeeper(Connection& writer, FileIdentity& identity)
    : writer_(writer), identity_(identity), due_pages_(base::kLogPagesPerCheckpoint) {
  writer_.TakeOverCheckpoints();
}

bool LogKeeper::due() {
  refused_ = false;
  const int pages = writer_.log_pages();
  // If the log is shorter than before, it was emptied and grows again from its beginning.
  if (pages < last_pages_) due_pages_ = base::kLogPagesPerCheckpoint;
  last_pages_ = pages;
  return pages >= due_pages_;
}

bool LogKeeper::wants_cut() const { return writer_.log_pages() >= base::kLogPagesCut; }

void LogKeeper::CopyLog(bool cut) {
  due_pages_ = writer_.log_pages() + base::kLogPagesPerCheckpoint;
  const absl::Status begun = identity_.BeginChange();
  // Without this record, the file could later count as a foreign one, because the copy changes it.
  if (!begun.ok()) return LogRecordFailure(begun);
  MarkFirstPage(writer_);
  const bool no_room = writer_.failed() && writer_.was_full();
  if (no_room) LogFullDisk(writer_.TakeFailure());
  std::optional<int> pages = writer_.Checkpoint(cut);
  refused_ = !pages.has_value();
  if (no_room && pages.has_value()) {
    // The log had no room for the mark. It has now, and the mark is copied by itself.
    MarkFirstPage(writer_);
    pages = writer_.Checkpoint(cut);
  }
  // The cut has emptied the log, and an empty log would look as if it had been removed. This change
  // fills it again.
  if (cut) MarkFirstPage(writer_);
  LogRecordFailure(writer_.TakeFailure());
  LogRecordFailure(identity_.RememberRunning(writer_));
  MaybeWarn(pages.value_or(writer_.log_pages()));
}

void LogKeeper::MaybeWarn(int pages) {
  if (pages < base::kLogPagesWarned) warned_pages_ = 0;
  if (pages < std::max(base::kLogPagesWarned, 2 * warned_pages_)) return;
  warned_pages_ = pages;
  base::Log(base::LogLevel::kWarning, "store_log_grows",
            {{"bytes", pages * kPageBytes},
             {"help",
              "another process reads the store and does not end its read, so that the -wal file "
              "cannot be emptied: end it"}});
}

}  // namespace callbridge::store
