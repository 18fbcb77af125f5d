#include "webhook/port_file.h"

#include <absl/strings/str_format.h>

#include <filesystem>
#include <fstream>
#include <system_error>

namespace callbridge::webhook {

absl::Status WritePortFile(const std::string& path, std::uint16_t port) {
  const std::string beside = path + ".new";
  std::ofstream file(beside, std::ios::trunc);
  file << port << "\n";
  file.close();
  if (!file) {
    return absl::UnavailableError(absl::StrFormat("--port-file: %s cannot be written", beside));
  }
  std::error_code error;
  std::filesystem::rename(beside, path, error);
  if (error) {
    return absl::UnavailableError(absl::StrFormat("--port-file: %s: %s", path, error.message()));
  }
  return absl::OkStatus();
}

}  // namespace callbridge::webhook
