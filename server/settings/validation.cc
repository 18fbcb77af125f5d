#include "server/settings/validation.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

#include "server/base/log.h"
#include "server/settings/account_validation.h"
#include "server/settings/call_validation.h"
#include "server/settings/network_validation.h"
#include "server/settings/plan_validation.h"
#include "server/settings/timing_validation.h"

namespace callbridge::settings {
namespace {

using config::v1::Settings;
using config::v1::Store;

constexpr std::size_t kServiceIdLengthMax = 32;
constexpr std::chrono::minutes kRetentionMin{1};
constexpr std::chrono::hours kRetentionMax{24 * 3650};
constexpr std::chrono::seconds kSweepMin{1};
constexpr std::chrono::hours kSweepMax{24};

void ValidateServiceId(const std::string& service_id, Findings& findings) {
  const bool fits = service_id.size() <= kServiceIdLengthMax &&
                    std::all_of(service_id.begin(), service_id.end(), [](char c) {
                      return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                             (c >= '0' && c <= '9') || c == '_' || c == '-';
                    });
  if (service_id.empty()) {
    findings.Refuse("service_id",
                    "required: a name for this deployment, which no other on the account has");
  } else if (!fits) {
    findings.Refuse("service_id", "must be 1 to 32 of A-Z, a-z, 0-9, \"_\" and \"-\"");
  }
}

void ValidateStore(const Store& store, Findings& findings) {
  switch (store.engine_case()) {
    case Store::kSqlite:
      if (store.sqlite().path().empty()) {
        findings.Refuse("store.sqlite.path", "required: the database's file");
      }
      return;
    case Store::kMemory:
      findings.Warn("store.memory", "forgets every session when the process ends");
      return;
    case Store::ENGINE_NOT_SET:
      findings.Refuse("store", "needs sqlite or memory");
      return;
  }
}

void ValidateLimit(std::int64_t value, std::int64_t max, const std::string& path,
                   Findings& findings) {
  if (value < 0 || value > max) findings.Refuse(path, absl::StrFormat("must be 1 to %d", max));
}

void ValidateLimits(const config::v1::Limits& limits, Findings& findings) {
  ValidateLimit(limits.sessions_max(), 1'000'000, "limits.sessions_max", findings);
  ValidateLimit(limits.waiting_dials_max(), 100'000, "limits.waiting_dials_max", findings);
  ValidateLimit(limits.streams_max(), 100'000, "limits.streams_max", findings);
  ValidateLimit(limits.free_disk_bytes_min(), std::int64_t{1} << 50, "limits.free_disk_bytes_min",
                findings);
}

void ValidateSweep(const config::v1::Sweep& sweep, Findings& findings) {
  if (sweep.has_interval()) {
    ValidateRange(sweep.interval(), kSweepMin, kSweepMax, "sweep.interval", findings);
  }
  if (sweep.has_minimum_age()) {
    ValidateRange(sweep.minimum_age(), kSweepMin, kSweepMax, "sweep.minimum_age", findings);
  }
}

}  // namespace

Findings ValidateSettings(const Settings& settings) {
  Findings findings;
  ValidateServiceId(settings.service_id(), findings);
  ValidateNetwork(settings, findings);
  ValidateStore(settings.store(), findings);
  ValidateAccounts(settings, findings);
  ValidateCalls(settings, findings);
  ValidateTiming(settings.timing(), "timing", findings);
  ValidateLimits(settings.limits(), findings);
  ValidateSweep(settings.sweep(), findings);
  if (!settings.log().level().empty() && !base::ParseLogLevel(settings.log().level()).has_value()) {
    findings.Refuse("log.level", "must be debug, info, warning or error");
  }
  if (settings.has_retention()) {
    ValidateRange(settings.retention(), kRetentionMin, kRetentionMax, "retention", findings);
  }
  return findings;
}

}  // namespace callbridge::settings
