#include "tests/store/power_loss_vfs.h"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "server/base/check.h"

namespace callbridge::store {
namespace {

using Kind = DiskOperation::Kind;
using OpenDirectory = int (*)(const char*, int*);

// The system call that is replaced takes no context.
PowerLossVfs* current = nullptr;
OpenDirectory unix_open_directory = nullptr;

// Empty: there is none.
std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

// SQLite makes room for it and for the ordinary file behind it.
struct PowerLossVfs::OpenFile : sqlite3_file {
  PowerLossVfs* owner;
  // As it was given to xOpen, which keeps it alive. Null: a temporary file, of which nothing is
  // kept.
  const char* path;

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

struct PowerLossVfs::Calls {
  static OpenFile& Of(sqlite3_file* file) { return *static_cast<OpenFile*>(file); }

  static void Log(OpenFile& file, Kind kind, std::int64_t offset = 0, std::string bytes = {}) {
    if (file.path == nullptr) return;
    file.owner->Log({.kind = kind, .path = file.path, .offset = offset, .bytes = std::move(bytes)});
  }

  static int Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* out, int flags,
                  int* out_flags) {
    PowerLossVfs& owner = *static_cast<Registered*>(vfs)->owner;
    OpenFile& file = Of(out);
    file.pMethods = nullptr;
    file.owner = &owner;
    file.path = path;
    if (!owner.Passes()) return SQLITE_CANTOPEN;
    const int code = owner.unix_->xOpen(owner.unix_, path, file.real(), flags, out_flags);
    if (code != SQLITE_OK) return code;
    file.pMethods = &kMethods;
    // Before the first byte is written.
    if (path != nullptr) owner.Meet(path);
    return SQLITE_OK;
  }

  static int Delete(sqlite3_vfs* vfs, const char* path, int sync_folder) {
    PowerLossVfs& owner = *static_cast<Registered*>(vfs)->owner;
    if (!owner.Passes()) return SQLITE_IOERR_DELETE;
    if (std::filesystem::exists(path)) owner.Log({.kind = Kind::kDelete, .path = path});
    return owner.unix_->xDelete(owner.unix_, path, sync_folder);
  }

  // When SQLite makes names durable, it opens the folder to sync it.
  static int OpenFolder(const char* path, int* folder) {
    current->Log({.kind = Kind::kSyncFolder});
    return unix_open_directory(path, folder);
  }

  static int Close(sqlite3_file* file) {
    return Of(file).real()->pMethods->xClose(Of(file).real());
  }

  static int Read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
    if (!Of(file).owner->Passes()) return SQLITE_IOERR_READ;
    return Of(file).real()->pMethods->xRead(Of(file).real(), bytes, size, offset);
  }

  static int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    OpenFile& open = Of(file);
    sqlite3_int64 end = 0;
    const bool grows =
        open.real()->pMethods->xFileSize(open.real(), &end) == SQLITE_OK && offset + size > end;
    const bool passes = open.owner->Passes(grows ? Room::kMoreOfFile : Room::kFile);
    // Half a write is what a failing disk leaves, if it leaves anything.
    const bool none = open.owner->fault_kind() == Fault::Kind::kNoGrowth;
    const int written = passes ? size : none ? 0 : size / 2;
    if (written == 0) return SQLITE_FULL;
    Log(open, Kind::kWrite, offset,
        std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(written)));
    const int code = open.real()->pMethods->xWrite(open.real(), bytes, written, offset);
    if (passes || code != SQLITE_OK) return code;
    return open.owner->fault_kind() == Fault::Kind::kFull ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  }

  static int Truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (!Of(file).owner->Passes()) return SQLITE_IOERR_TRUNCATE;
    Log(Of(file), Kind::kTruncate, size);
    return Of(file).real()->pMethods->xTruncate(Of(file).real(), size);
  }

  static int Sync(sqlite3_file* file, int flags) {
    if (!Of(file).owner->Passes()) return SQLITE_IOERR_FSYNC;
    Log(Of(file), Kind::kSync);
    return Of(file).real()->pMethods->xSync(Of(file).real(), flags);
  }

  static int FileSize(sqlite3_file* file, sqlite3_int64* size) {
    if (!Of(file).owner->Passes()) return SQLITE_IOERR_FSTAT;
    return Of(file).real()->pMethods->xFileSize(Of(file).real(), size);
  }

  static int Lock(sqlite3_file* file, int level) {
    return Of(file).real()->pMethods->xLock(Of(file).real(), level);
  }
  static int Unlock(sqlite3_file* file, int level) {
    return Of(file).real()->pMethods->xUnlock(Of(file).real(), level);
  }
  static int CheckReservedLock(sqlite3_file* file, int* held) {
    return Of(file).real()->pMethods->xCheckReservedLock(Of(file).real(), held);
  }
  static int FileControl(sqlite3_file* file, int code, void* argument) {
    return Of(file).real()->pMethods->xFileControl(Of(file).real(), code, argument);
  }
  static int SectorSize(sqlite3_file* file) {
    return Of(file).real()->pMethods->xSectorSize(Of(file).real());
  }
  static int DeviceCharacteristics(sqlite3_file* file) {
    return Of(file).real()->pMethods->xDeviceCharacteristics(Of(file).real());
  }

  // Not in the log: shared memory does not outlive the power.
  static int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
    OpenFile& open = Of(file);
    const std::filesystem::path shared = std::string(open.path) + "-shm";
    const bool grows =
        extend != 0 && (!std::filesystem::exists(shared) ||
                        std::filesystem::file_size(shared) < static_cast<std::uintmax_t>(page + 1) *
                                                                 static_cast<std::uintmax_t>(size));
    const Room room = grows ? Room::kSharedMemory : Room::kNone;
    if (!open.owner->Passes(room)) return grows ? SQLITE_IOERR_SHMSIZE : SQLITE_IOERR_SHMMAP;
    return open.real()->pMethods->xShmMap(open.real(), page, size, extend, memory);
  }
  static int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
    return Of(file).real()->pMethods->xShmLock(Of(file).real(), offset, count, flags);
  }
  static void ShmBarrier(sqlite3_file* file) {
    Of(file).real()->pMethods->xShmBarrier(Of(file).real());
  }
  static int ShmUnmap(sqlite3_file* file, int remove) {
    return Of(file).real()->pMethods->xShmUnmap(Of(file).real(), remove);
  }

  static const sqlite3_io_methods kMethods;
};

// Version 2: without memory mapping of files, which the store does not use.
const sqlite3_io_methods PowerLossVfs::Calls::kMethods = {2,
                                                          Close,
                                                          Read,
                                                          Write,
                                                          Truncate,
                                                          Sync,
                                                          FileSize,
                                                          Lock,
                                                          Unlock,
                                                          CheckReservedLock,
                                                          FileControl,
                                                          SectorSize,
                                                          DeviceCharacteristics,
                                                          ShmMap,
                                                          ShmLock,
                                                          ShmBarrier,
                                                          ShmUnmap,
                                                          nullptr,
                                                          nullptr};

PowerLossVfs::PowerLossVfs() : unix_(sqlite3_vfs_find("unix")) {
  base::Check(current == nullptr, "two watched disks at a time");
  current = this;
  static_cast<sqlite3_vfs&>(registered_) = *unix_;
  registered_.owner = this;
  registered_.zName = "power-loss";
  registered_.szOsFile = static_cast<int>(sizeof(OpenFile)) + unix_->szOsFile;
  registered_.xOpen = Calls::Open;
  registered_.xDelete = Calls::Delete;
  unix_open_directory =
      reinterpret_cast<OpenDirectory>(unix_->xGetSystemCall(unix_, "openDirectory"));
  base::Check(unix_open_directory != nullptr, "SQLite opens folders by another name now");
  unix_->xSetSystemCall(unix_, "openDirectory",
                        reinterpret_cast<sqlite3_syscall_ptr>(Calls::OpenFolder));
  base::Check(sqlite3_vfs_register(&registered_, 1) == SQLITE_OK, "SQLite takes no further VFS");
}

PowerLossVfs::~PowerLossVfs() {
  sqlite3_vfs_unregister(&registered_);
  sqlite3_vfs_register(unix_, 1);
  unix_->xSetSystemCall(unix_, "openDirectory", nullptr);
  current = nullptr;
}

void PowerLossVfs::Plan(const Fault& fault, std::function<void()> before_first) {
  absl::MutexLock lock(&mutex_);
  fault_ = fault;
  before_first_ = std::move(before_first);
}

std::int64_t PowerLossVfs::operations() const {
  absl::MutexLock lock(&mutex_);
  return operations_;
}

bool PowerLossVfs::Passes(Room room) {
  std::function<void()> before_first;
  {
    absl::MutexLock lock(&mutex_);
    const std::int64_t number = operations_++;
    if (number < fault_.first || number - fault_.first >= fault_.count) return true;
    if (fault_.kind == Fault::Kind::kFull && room == Room::kNone) return true;
    const bool grows = room == Room::kMoreOfFile || room == Room::kSharedMemory;
    if (fault_.kind == Fault::Kind::kNoGrowth && !grows) return true;
    if (fault_.kind == Fault::Kind::kSharedMemoryFull && room != Room::kSharedMemory) return true;
    std::swap(before_first, before_first_);
  }
  if (before_first) before_first();
  return false;
}

PowerLossVfs::Fault::Kind PowerLossVfs::fault_kind() const {
  absl::MutexLock lock(&mutex_);
  return fault_.kind;
}

void PowerLossVfs::Promise(const std::string& words) {
  Log({.kind = Kind::kPromise, .bytes = words});
}

std::vector<DiskOperation> PowerLossVfs::log() const {
  absl::MutexLock lock(&mutex_);
  return log_;
}

void PowerLossVfs::Log(DiskOperation operation) {
  absl::MutexLock lock(&mutex_);
  if (operation.kind == Kind::kDelete) met_.erase(operation.path);
  log_.push_back(std::move(operation));
}

void PowerLossVfs::Meet(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  if (!met_.insert(path).second) return;
  const std::string content = ReadFile(path);
  log_.push_back({.kind = Kind::kCreate, .path = path});
  if (content.empty()) return;
  log_.push_back({.kind = Kind::kWrite, .path = path, .bytes = content});
  log_.push_back({.kind = Kind::kSync, .path = path});
  log_.push_back({.kind = Kind::kSyncFolder});
}

}  // namespace callbridge::store
