// The bounds of the webhook ingress and of its hand-over to the server that are no settings, each
// with its reason.
#pragma once

#include <chrono>
#include <cstddef>

namespace callbridge::base {

// An event of the provider has 1 to 4 KiB; an array of a few dozen events still fits.
inline constexpr std::size_t kWebhookBodyBytesMax = 256 * 1024;
inline constexpr std::size_t kWebhookHeaderBytesMax = 16 * 1024;
// A short field costs ten times its bytes. A provider and two proxies send about thirty fields.
inline constexpr int kWebhookHeaderFieldsMax = 100;
// The part of an unknown path that the log shows, in bytes.
inline constexpr std::size_t kLoggedPathBytesMax = 100;
// The memory for all bodies that are not answered yet, beyond the first bytes of each. The first
// bytes are enough for a usual webhook, so strangers who fill the rest keep out no webhook. With
// 2,000 connections the ingress holds less than 200 MiB, for any requests.
inline constexpr std::size_t kWebhookBodiesBytesMax = 32 * 1024 * 1024;
inline constexpr std::size_t kWebhookBodyFreeBytes = 8 * 1024;
// A sender that needs longer than this for one request only holds a socket.
inline constexpr std::chrono::seconds kWebhookReadTimeout{10};
// A connection that has brought an authentic webhook may wait this long for its next one. If the
// ingress closed it at the moment when the provider uses it again, a webhook could be lost. It is
// not documented whether the provider repeats one (docs/provider.md §9.2).
inline constexpr std::chrono::minutes kWebhookIdleTimeout{10};
// The same limit before the first authentic webhook. Balancers and proxies keep connections for 60
// or 75 s, and a POST that crosses our close is lost.
inline constexpr std::chrono::seconds kWebhookStrangerIdleTimeout{90};
// An answer has 200 bytes. A sender that does not take it within this time will never take it.
inline constexpr std::chrono::seconds kWebhookWriteTimeout{5};
// Connections of one ingress, if the process may have twice as many file descriptors
// (descriptors.h). The provider uses 20 or more.
inline constexpr std::size_t kWebhookConnectionsMax = 2'000;
// The same if the ingress ends TLS itself. A connection then holds 100 KiB more: buffers of one
// record each way, and the state of OpenSSL.
inline constexpr std::size_t kWebhookTlsConnectionsMax = 1'000;
// How long, and how many, requests the ingress holds while the server restarts, because it is not
// documented whether the provider repeats a refused webhook. The provider's read timeout is 10 s.
inline constexpr std::chrono::seconds kHandOverHold{8};
inline constexpr std::size_t kHandOverRequestsMax = 1'000;
// The number of items in one hand-over is limited, so that one transaction of the store stays
// short.
inline constexpr int kInboxBatchMax = 1'000;
// Bytes of the items of one hand-over. 1,000 events of the usual size fit, so that a backlog leaves
// in few transactions.
inline constexpr std::size_t kInboxBatchBytesMax = 2 * 1024 * 1024;
// The inbox's listener accepts messages of up to this size: a full batch with the bytes that frame
// its items. The limit is twice that, for an ingress of a later version.
inline constexpr int kInboxRequestBytesMax = 4 * 1024 * 1024;
static_assert(kInboxRequestBytesMax >= kInboxBatchBytesMax + kInboxBatchMax * std::size_t{16},
              "the server must take every batch that the ingress sends");
// The items of one webhook have up to about six times its bytes, because an id is kept twice and a
// broken byte takes three bytes.
static_assert(kInboxBatchBytesMax >= 8 * kWebhookBodyBytesMax,
              "every webhook that is taken must fit into a batch");
// While the server is away, a local connection attempt every 100 ms costs little and finds the
// server as soon as it is back.
inline constexpr std::chrono::milliseconds kHandOverRetry{100};
// The answer of /readyz may be this old while no webhook comes.
inline constexpr std::chrono::seconds kHandOverProbe{2};

}  // namespace callbridge::base
