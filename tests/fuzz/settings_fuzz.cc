// Any text as a settings file: it is refused with the place of every problem in one line each, or
// read; and what was read, printed as --print-config prints it, is read again as the same.
#include <absl/strings/numbers.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/opaque_text.h"
#include "server/base/check.h"
#include "server/settings/load.h"
#include "server/settings/print.h"
#include "tests/fuzz/masked.h"

namespace callbridge::fuzz {
namespace {

using base::Check;

constexpr char kFile[] = "s.yaml";

// "s.yaml:3:7: …"
void CheckPlace(const std::string& line, std::int64_t lines) {
  const std::vector<std::string> parts = absl::StrSplit(line, absl::MaxSplits(':', 3));
  std::int64_t row = 0;
  std::int64_t column = 0;
  Check(parts.size() == 4 && parts[0] == kFile && absl::SimpleAtoi(parts[1], &row) &&
            absl::SimpleAtoi(parts[2], &column),
        "a problem names its file, line and column");
  Check(row >= 1 && row <= lines && column >= 1, "a problem stands within the file");
  Check(parts[3].size() > 2, "a problem says what it is");
  Check(std::none_of(line.begin(), line.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
        "a problem is one line of text");
  CheckMasked(line);
}

void Run(const std::string& yaml) {
  const std::int64_t lines =
      2 + std::count_if(yaml.begin(), yaml.end(), [](char c) { return c == '\n' || c == '\r'; });
  const auto loaded = settings::ParseWithWarnings(yaml, kFile);
  if (!loaded.ok()) {
    Check(loaded.status().code() == absl::StatusCode::kInvalidArgument, "it is the text's fault");
    const std::vector<std::string> problems =
        absl::StrSplit(std::string(loaded.status().message()), '\n');
    for (const std::string& problem : problems) CheckPlace(problem, lines);
    return;
  }
  for (const std::string& warning : loaded->warnings) CheckPlace(warning, lines);
  const std::string printed = settings::PrintYaml(loaded->settings);
  const auto again = settings::ParseSettings(printed, kFile);
  Check(again.ok(), "what was printed can be read");
  Check(api::DeterministicBytes(*again) == api::DeterministicBytes(loaded->settings),
        "what was printed means the same");
}

}  // namespace
}  // namespace callbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  callbridge::fuzz::Run({reinterpret_cast<const char*>(data), size});
  return 0;
}
