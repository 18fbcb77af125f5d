// Every bound of the simulator, each with its reason. The simulator is a program of its own, so
// that its bounds do not stand beside the service's.
#pragma once

#include <chrono>
#include <cstddef>

namespace callbridge::simulator {

// A request of the Calls API is a few KiB; a say of 1,000 code points with SSML stays below 16 KiB.
inline constexpr std::size_t kRequestBodyBytesMax = 256 * 1024;
// An uploaded file. The provider publishes no limit; this one is far above what a call plays.
inline constexpr std::size_t kRequestFormBytesMax = 64 * 1024 * 1024;
inline constexpr std::size_t kRequestHeaderBytesMax = 16 * 1024;
// Clients keep a handful of connections open; a leak of theirs shows as a refused connection.
inline constexpr std::size_t kConnectionsMax = 1'000;
// An idle connection is kept longer than the client's own limit (20 s), so that the client closes
// first.
inline constexpr std::chrono::seconds kIdleConnection{75};
// Ended calls and conferences kept for the history operations: an hour of dialling at 6/s.
inline constexpr std::size_t kEndedKept = 20'000;
// Requests and violations kept for the control endpoint; the counts go on.
inline constexpr std::size_t kRequestsKept = 10'000;
inline constexpr std::size_t kViolationsKept = 1'000;
// Webhooks kept for the control endpoint, with bodies of about 1 KiB.
inline constexpr std::size_t kWebhooksKept = 10'000;
// One call's timeline: a service that says something every second for an hour.
inline constexpr std::size_t kTimelineEntriesMax = 4'000;
// Deliveries waiting for the webhook's receiver; beyond it the oldest are given up, and counted.
inline constexpr std::size_t kDeliveriesWaitingMax = 100'000;
// What the webhook's receiver may answer: a body nobody reads.
inline constexpr std::size_t kWebhookAnswerBytesMax = 64 * 1024;
// docs/provider.md §3.2: the examples of the specification use 10 s for both timeouts.
inline constexpr std::chrono::seconds kWebhookTimeout{10};

}  // namespace callbridge::simulator
