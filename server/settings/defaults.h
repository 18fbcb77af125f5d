// What holds when the settings say nothing. Every built-in default of the service that an operator
// may change stands here; fixed bounds stand in server/base/limits.h.
#pragma once

#include <chrono>
#include <cstdint>

#include "callbridge/config/v1/settings.pb.h"
#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/v1/plan.pb.h"
#include "server/base/time.h"

namespace callbridge::settings {

inline constexpr char kDefaultName[] = "default";
inline constexpr char kDefaultLanguage[] = "en";
inline constexpr double kDefaultSpeechRate = 1.0;
// How long a telephone rings, caller's and callee's, when nobody says otherwise.
inline constexpr std::chrono::seconds kDefaultRingTimeout{30};
inline constexpr std::chrono::hours kDefaultMaxDuration{2};
// For music of unknown length: it is started again when it runs out (flow.md §3).
inline constexpr int kDefaultLoopCount = 20;
inline constexpr std::chrono::hours kDefaultRetention{720};
// A call that nobody owns costs money until it is found, and a list of all calls costs two
// requests.
inline constexpr std::chrono::minutes kDefaultSweepInterval{5};
// Longer than anything that a session does not know of yet can last: every lookup of flow.md §5,
// and a server that was away.
inline constexpr std::chrono::minutes kDefaultSweepMinimumAge{10};

// English prompts, no music, everything else as above.
const callbridge::v1::Plan& BuiltInPlan();

// flow.md §6.
const internal::v1::Timing& DefaultTiming();

// Addresses, limits, rates and the log's level; no account, plan or route.
const config::v1::Settings& DefaultSettings();

// The rates that the provider publishes.
const config::v1::Account::Rates& DefaultRates();

}  // namespace callbridge::settings
