#include "server/inbox/server_facts.h"

#include <filesystem>
#include <string>
#include <system_error>

namespace callbridge::inbox {
namespace {

AskBytes FileSize(const std::string& path) {
  return [path]() -> std::optional<std::int64_t> {
    std::error_code error;
    const std::uintmax_t bytes = std::filesystem::file_size(path, error);
    return error ? std::nullopt : std::optional(static_cast<std::int64_t>(bytes));
  };
}

AskBytes FreeSpace(const std::filesystem::path& folder) {
  return [folder]() -> std::optional<std::int64_t> {
    std::error_code error;
    const std::filesystem::space_info space = std::filesystem::space(folder, error);
    return error ? std::nullopt : std::optional(static_cast<std::int64_t>(space.available));
  };
}

}  // namespace

ServerFacts MakeServerFacts(const config::v1::Store& settings, const base::ServiceClock& clock) {
  ServerFacts facts;
  facts.start_time = clock.Now();
  facts.system_ahead = [&clock] { return clock.system_ahead(); };
  if (!settings.has_sqlite()) return facts;
  // The log stands beside the real file, so the volume of the real file counts.
  std::error_code error;
  const std::filesystem::path real =
      std::filesystem::weakly_canonical(settings.sqlite().path(), error);
  const std::string path = error ? settings.sqlite().path() : real.string();
  facts.database = FileSize(path);
  facts.wal = FileSize(path + "-wal");
  facts.free_disk = FreeSpace(std::filesystem::absolute(path).parent_path());
  return facts;
}

}  // namespace callbridge::inbox
