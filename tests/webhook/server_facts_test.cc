#include "server/inbox/server_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/settings/folder.h"

namespace callbridge::inbox {
namespace {

using testing::Optional;

TEST(ServerFacts, TellTheSizesOfTheStoresFilesAndTheRoomThatIsLeft) {
  const base::ServiceClock clock;
  const settings::Folder folder;
  const std::string path = folder.Write("store", "12345");
  folder.Write("store-wal", "123");
  config::v1::Store settings;
  settings.mutable_sqlite()->set_path(path);
  const ServerFacts facts = MakeServerFacts(settings, clock);
  EXPECT_THAT(facts.database(), Optional(5));
  EXPECT_THAT(facts.wal(), Optional(3));
  EXPECT_THAT(facts.free_disk(), Optional(testing::Gt(0)));
  std::filesystem::remove(path + "-wal");
  EXPECT_EQ(facts.wal(), std::nullopt) << "asked for each time";
}

TEST(ServerFacts, OfAStoreInMemoryTellNoSizes) {
  const base::ServiceClock clock;
  config::v1::Store settings;
  settings.mutable_memory();
  const ServerFacts facts = MakeServerFacts(settings, clock);
  EXPECT_FALSE(facts.database);
  EXPECT_FALSE(facts.wal);
  EXPECT_FALSE(facts.free_disk);
  EXPECT_LE(facts.start_time, clock.Now());
}

}  // namespace
}  // namespace callbridge::inbox
