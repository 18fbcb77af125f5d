// What tests of accidents share: a store run on a watched disk, images of what an accident leaves,
// and the question whether a store opened on such an image has kept its word and goes on.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "server/store/store.h"
#include "tests/store/power_loss_disk.h"
#include "tests/store/power_loss_vfs.h"

namespace callbridge::store {

// While it lives every connection that is opened checkpoints after a few pages instead of a
// thousand, so that a short run meets checkpoints and a log that starts again; and, if named, keeps
// this setting of synchronous whatever it is told ("OFF", "NORMAL"). One at a time.
class EveryConnection {
 public:
  explicit EveryConnection(const std::string& synchronous = "");
  ~EveryConnection();
  EveryConnection(const EveryConnection&) = delete;
  EveryConnection& operator=(const EveryConnection&) = delete;
};

// Runs the work on the store in the folder, new or not, on a watched disk, and closes it. What it
// passes to vfs.Promise() is in the log, and first of all what the folder held before.
std::vector<DiskOperation> Record(const std::string& folder,
                                  const std::function<void(Store&, PowerLossVfs&)>& work);

// Takes so many webhooks of 64 KiB into the quarantine, one after the other, and drops them all in
// the end, so that the store's file has free pages. Returns how many a full disk refused.
int RefusedWrites(Store& store, int writes);

// Where images are made: in memory if the machine can, because nobody takes the power from them any
// more.
std::string ImageParent();

// A folder with these files, whatever folder they were in.
void WriteImage(const PowerLossDisk::Files& files, const std::string& folder);

// Opens the file of the store in the folder with SQLite's ordinary VFS. Empty: it can be read,
// keeps the promises and is consistent. Otherwise what is wrong, a line each.
std::string WhatIsBroken(const std::string& folder, const std::vector<std::string>& promises);

// Opens the store itself. Empty: as above, and it goes on with a new call.
std::string WhatIsWrong(const std::string& folder, const std::vector<std::string>& promises,
                        std::uint64_t seed);

}  // namespace callbridge::store
