// The disk under a store as a power loss finds it: which names and bytes were synced, and which
// were only on their way. It promises no more than POSIX does: what is not synced may be kept, lost
// or torn, in any order. It holds no real file.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace callbridge::store {

// What happened to the disk, in order; and, in between, what was promised to somebody.
struct DiskOperation {
  enum class Kind {
    // A new, empty file; its name is on its way.
    kCreate,
    kWrite,
    kTruncate,
    // All earlier bytes of the file are durable; its name need not be.
    kSync,
    // The name goes, durably only with the next kSyncFolder.
    kDelete,
    // All names are durable.
    kSyncFolder,
    // Not of the disk: somebody was told something that must be true for ever. In bytes.
    kPromise,
  };
  Kind kind = Kind::kWrite;
  std::string path = {};
  // kWrite: where. kTruncate: the new size.
  std::int64_t offset = 0;
  std::string bytes = {};
};

class PowerLossDisk {
 public:
  using Files = std::map<std::string, std::string>;

  void Apply(const DiskOperation& operation);

  // The files that are there when the power comes back, one possibility of many. The same state of
  // the generator gives the same one.
  Files Survivors(std::mt19937_64& random) const;
  // All that was not synced is lost, and nothing else.
  Files Synced() const;

 private:
  struct File {
    std::string synced;
    std::vector<DiskOperation> unsynced;
  };
  struct NameChange {
    std::string path;
    // Null: deleted.
    std::shared_ptr<File> file;
  };
  using Names = std::map<std::string, std::shared_ptr<File>>;

  static void Change(const NameChange& change, Names& names);

  // As programs see them, and as they are on the disk.
  Names names_;
  Names synced_names_;
  // File systems keep the order of these.
  std::vector<NameChange> unsynced_names_;
};

}  // namespace callbridge::store
