#include "server/store/sqlite/file_identity.h"

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>

#include <filesystem>
#include <fstream>
#include <string_view>

#include "server/base/log.h"
#include "server/base/sha256.h"

namespace callbridge::store {
namespace {

// All records have the same length, so that a full disk has room for the next record in the place
// of the last one.
constexpr std::string_view kChanging = "changing ";
constexpr std::string_view kRunning = "running  ";
constexpr std::string_view kClosed = "closed   ";
constexpr std::size_t kDigestDigits = 64;

std::string FirstPageOf(const std::string& path) {
  std::string page(Connection::kFirstPageBytes, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(page.data(), static_cast<std::streamsize>(page.size()));
  return page;
}

std::string DigestOf(const std::string& page) {
  const auto digest = base::Sha256(page);
  return absl::BytesToHexString(std::string(digest.begin(), digest.end()));
}

}  // namespace

bool HasLogBeside(const std::string& real_path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(real_path + "-wal", error);
  return !error && size > 0;
}

absl::StatusOr<FileIdentity> FileIdentity::Acquire(const std::string& path) {
  absl::StatusOr<FileLock> lock = FileLock::Acquire(path);
  if (!lock.ok()) return lock.status();
  return FileIdentity(std::move(*lock), path);
}

FileIdentity::Finding FileIdentity::Look() const {
  const std::string record = lock_.Read();
  if (record.starts_with(kChanging)) return has_log() ? Finding::kSame : Finding::kUnknown;
  const bool running = record.starts_with(kRunning);
  if (!running && !record.starts_with(kClosed)) return Finding::kUnknown;
  const std::string remembered = record.substr(kRunning.size(), kDigestDigits);
  if (remembered != DigestOf(FirstPageOf(path_))) return Finding::kAnother;
  // If the last server did not end in order, its log holds changes that the file lacks. Without the
  // log the store is no longer the same.
  return running && !has_log() ? Finding::kAnother : Finding::kSame;
}

absl::Status FileIdentity::BeginChange() {
  if (!record_before_) record_before_ = lock_.Read();
  return Remember(kChanging, std::string(kDigestDigits, '-'));
}

absl::Status FileIdentity::Undo() { return lock_.Write(record_before_.value_or("")); }

absl::Status FileIdentity::RememberRunning(Connection& connection) {
  const std::optional<std::string> page = connection.ReadFirstPage();
  if (!page) return absl::UnavailableError("the first page of the store cannot be read");
  return Remember(kRunning, DigestOf(*page));
}

absl::Status FileIdentity::RememberClosed() {
  return Remember(kClosed, DigestOf(FirstPageOf(path_)));
}

absl::Status FileIdentity::Remember(std::string_view state, const std::string& digest) {
  return lock_.Write(absl::StrCat(std::string(state), digest, "\n"));
}

void LogRecordFailure(const absl::Status& status) {
  if (status.ok()) return;
  base::Log(base::LogLevel::kWarning, "store_record_failed",
            {{"error", std::string(status.message())},
             {"help", "check the disk; until it takes the record, the store's log grows"}});
}

}  // namespace callbridge::store
