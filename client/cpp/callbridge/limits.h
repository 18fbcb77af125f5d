// Every bound of the client library, each with its reason. The library is linked into other
// programs, so its numbers stand here and not in server/base/limits.h.
#pragma once

#include <chrono>
#include <cstddef>

namespace callbridge::client {

// The limit of one unary call with all its repetitions. It covers most restarts of a server behind
// a load balancer; a longer wait is not worth a caller's thread.
inline constexpr std::chrono::seconds kCallTimeout{10};
// The limit of one attempt. A server that is alive answers within one commit.
inline constexpr std::chrono::seconds kAttemptTimeout{5};
// The number of attempts: enough to survive a lost connection, and few enough that a server that is
// away is reported within two seconds.
inline constexpr int kAttemptsMax = 4;

// The first and the largest delay between two attempts: short enough for a person who waits, and
// long enough not to overload a server that comes back.
inline constexpr std::chrono::milliseconds kBackoffFirst{200};
inline constexpr std::chrono::milliseconds kBackoffMax{5'000};

// A dead peer is noticed after 40 s, not after the two hours of TCP.
inline constexpr std::chrono::seconds kKeepalive{30};
inline constexpr std::chrono::seconds kKeepaliveTimeout{10};
inline constexpr std::chrono::seconds kConnectTimeout{5};

// The interval that the server uses when a subscription names none.
inline constexpr std::chrono::seconds kBookmarkInterval{15};
// After this many bookmark intervals of silence the server counts as gone, even if the connection
// seems open.
inline constexpr int kSilentIntervalsMax = 2;
// The server ends a stream after 30 min; an older stream hangs.
inline constexpr std::chrono::minutes kStreamTimeout{40};

// A snapshot or an event is a few KiB. gRPC's default of 4 MiB would do for what the server of this
// release sends; this leaves room for later ones.
inline constexpr int kMessageBytesMax = 64 * 1024 * 1024;

// After a reconnect only events near the token can come again. Therefore it suffices to remember
// the sessions that sent events last, in about 2 MiB.
inline constexpr std::size_t kSessionsRememberedMax = 20'000;

}  // namespace callbridge::client
