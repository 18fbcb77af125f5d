#include "tests/store/power_loss_disk.h"

#include <algorithm>
#include <cstddef>

#include "server/base/check.h"

namespace callbridge::store {
namespace {

// What a disk writes whole or not at all.
constexpr std::int64_t kSectorBytes = 512;

// How one power loss treats what was not synced.
struct Mood {
  // Of a hundred writes so many are kept, and so many torn.
  std::uint64_t kept = 0;
  std::uint64_t torn = 0;
  // What stands where a file has grown and nothing was written.
  char filling = '\0';
};

std::uint64_t Draw(std::mt19937_64& random, std::uint64_t below) { return random() % below; }

Mood DrawMood(std::mt19937_64& random) {
  constexpr Mood kMoods[] = {{0, 0}, {10, 10}, {40, 30}, {50, 0}, {80, 15}, {98, 2}, {100, 0}};
  Mood mood = kMoods[Draw(random, std::size(kMoods))];
  mood.filling = Draw(random, 2) == 0 ? '\0' : '\xa5';
  return mood;
}

void Write(const DiskOperation& operation, std::int64_t begin, std::int64_t end, char filling,
           std::string& bytes) {
  if (static_cast<std::int64_t>(bytes.size()) < end) {
    bytes.resize(static_cast<std::size_t>(end), filling);
  }
  bytes.replace(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin),
                operation.bytes, static_cast<std::size_t>(begin - operation.offset),
                static_cast<std::size_t>(end - begin));
}

void WriteWhole(const DiskOperation& operation, char filling, std::string& bytes) {
  const auto size = static_cast<std::int64_t>(operation.bytes.size());
  if (operation.kind == DiskOperation::Kind::kTruncate) {
    bytes.resize(static_cast<std::size_t>(operation.offset), filling);
  } else {
    Write(operation, operation.offset, operation.offset + size, filling, bytes);
  }
}

// Some of its sectors: the first ones, or any.
void WriteTorn(const DiskOperation& operation, char filling, std::mt19937_64& random,
               std::string& bytes) {
  const std::int64_t end = operation.offset + static_cast<std::int64_t>(operation.bytes.size());
  const std::uint64_t sectors = operation.bytes.size() / kSectorBytes + 1;
  const bool from_the_front = Draw(random, 2) == 0;
  const std::uint64_t front = Draw(random, sectors + 1);
  std::uint64_t sector = 0;
  for (std::int64_t begin = operation.offset; begin < end; ++sector) {
    const std::int64_t next = std::min(end, (begin / kSectorBytes + 1) * kSectorBytes);
    const bool kept = from_the_front ? sector < front : Draw(random, 2) == 0;
    if (kept) Write(operation, begin, next, filling, bytes);
    begin = next;
  }
}

void MaybeWrite(const DiskOperation& operation, const Mood& mood, std::mt19937_64& random,
                std::string& bytes) {
  const std::uint64_t drawn = Draw(random, 100);
  if (drawn < mood.kept) {
    WriteWhole(operation, mood.filling, bytes);
  } else if (drawn < mood.kept + mood.torn && operation.kind == DiskOperation::Kind::kWrite) {
    WriteTorn(operation, mood.filling, random, bytes);
  }
}

}  // namespace

void PowerLossDisk::Change(const NameChange& change, Names& names) {
  if (change.file == nullptr) {
    names.erase(change.path);
  } else {
    names[change.path] = change.file;
  }
}

void PowerLossDisk::Apply(const DiskOperation& operation) {
  switch (operation.kind) {
    case DiskOperation::Kind::kCreate:
    case DiskOperation::Kind::kDelete: {
      NameChange change{.path = operation.path, .file = nullptr};
      if (operation.kind == DiskOperation::Kind::kCreate) change.file = std::make_shared<File>();
      Change(change, names_);
      unsynced_names_.push_back(std::move(change));
      return;
    }
    case DiskOperation::Kind::kWrite:
    case DiskOperation::Kind::kTruncate:
      names_.at(operation.path)->unsynced.push_back(operation);
      return;
    case DiskOperation::Kind::kSync: {
      File& file = *names_.at(operation.path);
      for (const DiskOperation& write : file.unsynced) WriteWhole(write, '\0', file.synced);
      file.unsynced.clear();
      return;
    }
    case DiskOperation::Kind::kSyncFolder:
      for (const NameChange& change : unsynced_names_) Change(change, synced_names_);
      unsynced_names_.clear();
      return;
    case DiskOperation::Kind::kPromise:
      return;
  }
  base::CheckFailed("an operation of no kind", __FILE__, __LINE__);
}

PowerLossDisk::Files PowerLossDisk::Survivors(std::mt19937_64& random) const {
  const Mood mood = DrawMood(random);
  Names names = synced_names_;
  const std::size_t changes = Draw(random, unsynced_names_.size() + 1);
  for (std::size_t index = 0; index < changes; ++index) Change(unsynced_names_[index], names);
  Files files;
  for (const auto& [path, file] : names) {
    std::string& bytes = files[path];
    bytes = file->synced;
    for (const DiskOperation& write : file->unsynced) MaybeWrite(write, mood, random, bytes);
  }
  return files;
}

PowerLossDisk::Files PowerLossDisk::Synced() const {
  Files files;
  for (const auto& [path, file] : synced_names_) files[path] = file->synced;
  return files;
}

}  // namespace callbridge::store
