// callbridge-baseline: writes what this version of the service leaves on the disk and hands over
// between processes, for the tests of later versions: sessions.db, handover.binpb and holds.txt in
// the folder that is named. Exit status 2: the arguments are wrong.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "server/base/log.h"
#include "tests/baselines/harvest.h"
#include "tests/baselines/kept_store.h"

namespace callbridge::baselines {
namespace {

// They keep the file small, and show each phase with each status that a command can have in it.
constexpr int kSessions = 33;

int Run(int argument_count, char** arguments) {
  if (argument_count != 2) {
    std::fprintf(stderr, "callbridge-baseline FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder = arguments[1];
  const std::filesystem::path scratch = folder / "scratch";
  std::filesystem::create_directories(scratch);
  const std::filesystem::path database = folder / "sessions.db";
  std::filesystem::remove(database);
  // Nobody reads what the worlds' servers log.
  const base::LogCapture log;
  KeptStore kept(database, "world");
  Harvest harvest(kept, scratch);
  harvest.Gather(kSessions);
  harvest.AddTheUnknown();
  kept.Close();
  std::filesystem::remove_all(scratch);
  std::ofstream(folder / "handover.binpb", std::ios::binary)
      << harvest.hand_over().SerializeAsString();
  std::ofstream holds(folder / "holds.txt");
  for (const std::string& situation : harvest.situations()) holds << situation << '\n';
  std::printf("%d sessions in %zu situations, %d webhooks\n", harvest.sessions(),
              harvest.situations().size(), harvest.hand_over().items_size());
  return 0;
}

}  // namespace
}  // namespace callbridge::baselines

int main(int argc, char** argv) { return callbridge::baselines::Run(argc, argv); }
