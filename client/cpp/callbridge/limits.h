// Every bound of the client library, each with its reason. The library stands alone in other
// people's programs, so its numbers stand here and not in server/base/limits.h.
#pragma once

#include <chrono>
#include <cstddef>

namespace callbridge::client {

// One call of a unary method with all its repetitions: longer than a server's restart behind a load
// balancer mostly takes is not worth a caller's thread.
inline constexpr std::chrono::seconds kCallTimeout{10};
// One attempt: a server that is alive answers within one commit.
inline constexpr std::chrono::seconds kAttemptTimeout{5};
// Enough to outlive a lost connection, few enough that a server that is away is reported within two
// seconds.
inline constexpr int kAttemptsMax = 4;

inline constexpr std::chrono::milliseconds kBackoffFirst{200};
inline constexpr std::chrono::milliseconds kBackoffMax{5'000};

// A dead peer is noticed after 40 s, not after the two hours of TCP.
inline constexpr std::chrono::seconds kKeepalive{30};
inline constexpr std::chrono::seconds kKeepaliveTimeout{10};
inline constexpr std::chrono::seconds kConnectTimeout{5};

// What the server uses when a subscription does not say.
inline constexpr std::chrono::seconds kBookmarkInterval{15};
// Silence for so many bookmark intervals means that nobody is there, whatever the connection says.
inline constexpr int kSilentIntervalsMax = 2;
// The server ends a stream after 30 min; one that is older hangs.
inline constexpr std::chrono::minutes kStreamTimeout{40};

// A page of 1,000 sessions of a few KiB is larger than gRPC's default of 4 MiB.
inline constexpr int kMessageBytesMax = 64 * 1024 * 1024;

// After a reconnect only events near the token can come again, so the sessions heard of last are
// enough; about 2 MiB.
inline constexpr std::size_t kSessionsRememberedMax = 20'000;

}  // namespace callbridge::client
