// Every bound of the service that is not a setting, each with its reason. A number that limits a queue, a body, a retry or
// a count stands here and nowhere else.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace callbridge::base {

// Webhooks. A Calls API event is 1 to 4 KiB; an array of a few dozen still fits.
inline constexpr std::size_t kWebhookBodyBytesMax = 256 * 1024;
inline constexpr std::size_t kWebhookHeaderBytesMax = 16 * 1024;
// A sender that needs longer than this for one request holds a socket for nothing.
inline constexpr std::chrono::seconds kWebhookReadTimeout{10};
// Connections of one ingress: the provider's window is 20 and up.
inline constexpr std::size_t kWebhookConnectionsMax = 2'000;
// Nobody knows whether the provider repeats a refused webhook, so it is held while the server restarts; its own read timeout is 10 s.
inline constexpr std::chrono::seconds kHandOverHold{8};
inline constexpr std::size_t kHandOverRequestsMax = 1'000;
// One hand-over: one transaction of the store stays short.
inline constexpr int kInboxBatchMax = 1'000;

// Webhooks that nobody owns yet. Ten minutes outlive every lookup of flow.md §5.
inline constexpr std::chrono::minutes kParkedAge{10};
inline constexpr std::int64_t kParkedMax = 10'000;
inline constexpr std::chrono::hours kDedupeAge{24};
inline constexpr std::int64_t kQuarantineMax = 10'000;
inline constexpr std::size_t kQuarantineBodyBytesMax = 64 * 1024;

// The flow.
inline constexpr int kInputsPerSessionMax = 5'000;
inline constexpr int kMusicRunsMax = 30;
inline constexpr int kPromptCodePointsMax = 1'000;
inline constexpr int kStopPlaysMax = 3;
inline constexpr int kPutsMax = 3;
inline constexpr int kConferenceCreationsMax = 3;

// The worker. Small enough that one commit takes a few milliseconds, large enough that one fsync serves many sessions.
inline constexpr int kStepBatchMax = 100;
inline constexpr int kTakeBatchMax = 100;

// The provider's client: calls-api.md §1.4 bodies are a few KiB; lists of 100 calls about 150 KiB.
inline constexpr std::size_t kProviderBodyBytesMax = 1024 * 1024;
inline constexpr std::chrono::seconds kSendBy{1};
inline constexpr std::chrono::seconds kProviderConnectTimeout{2};
inline constexpr std::chrono::seconds kProviderRequestTimeout{8};
inline constexpr std::chrono::seconds kProviderGetTimeout{5};
inline constexpr std::chrono::seconds kRetryAfterMax{60};
// 100 pages of 100: what one lookup may read before it counts as incomplete.
inline constexpr int kLookupPagesMax = 100;

// The public API.
inline constexpr int kListPageSizeMax = 1'000;
inline constexpr int kListPageSizeDefault = 50;
inline constexpr int kLabelsMax = 16;
inline constexpr std::size_t kRequestIdBytesMax = 64;
inline constexpr std::size_t kEndReasonBytesMax = 256;
// Read from the store at a time for one stream.
inline constexpr int kStreamBatchMax = 256;
inline constexpr std::chrono::seconds kReaderStalled{60};
inline constexpr std::chrono::minutes kStreamAgeMax{30};
// Handlers of unary methods at a time.
inline constexpr int kUnaryThreadsMax = 16;

// Shards of the stream of all sessions; changing it needs a migration.
inline constexpr int kFeedShards = 64;

}  // namespace callbridge::base
