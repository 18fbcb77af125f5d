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
// A field costs ten times its bytes if they are few; a provider and two proxies send thirty.
inline constexpr int kWebhookHeaderFieldsMax = 100;
// Of a path that is not known, for the log.
inline constexpr std::size_t kLoggedPathBytesMax = 100;
// All bodies that are not answered yet, beyond the first bytes of each, which are as many as a usual webhook has: strangers who fill
// the rest keep it from nobody. With 2,000 connections the ingress holds less than 200 MiB, whatever is sent to it.
inline constexpr std::size_t kWebhookBodiesBytesMax = 32 * 1024 * 1024;
inline constexpr std::size_t kWebhookBodyFreeBytes = 8 * 1024;
// A sender that needs longer than this for one request holds a socket for nothing.
inline constexpr std::chrono::seconds kWebhookReadTimeout{10};
// A connection that has brought an authentic webhook may wait long for its next one: closing it at the instant the provider
// uses it again could lose a webhook, because nobody knows whether the provider repeats one.
inline constexpr std::chrono::minutes kWebhookIdleTimeout{10};
// The same before there was one: balancers and proxies keep connections for 60 or 75 s, and a POST that crosses our close is lost.
inline constexpr std::chrono::seconds kWebhookStrangerIdleTimeout{90};
// An answer is 200 bytes: who does not take it in this time never will.
inline constexpr std::chrono::seconds kWebhookWriteTimeout{5};
// Connections of one ingress: the provider's window is 20 and up.
inline constexpr std::size_t kWebhookConnectionsMax = 2'000;
// Nobody knows whether the provider repeats a refused webhook, so it is held while the server restarts; its own read timeout is 10 s.
inline constexpr std::chrono::seconds kHandOverHold{8};
inline constexpr std::size_t kHandOverRequestsMax = 1'000;
// One hand-over: one transaction of the store stays short.
inline constexpr int kInboxBatchMax = 1'000;
// The items of one hand-over together: 1,000 events of the usual size, so that a backlog leaves in few transactions.
inline constexpr std::size_t kInboxBatchBytesMax = 2 * 1024 * 1024;
// What the inbox's listener takes as one message: a full batch with the bytes that frame its items, and as much again for an
// ingress of the next version.
inline constexpr int kInboxRequestBytesMax = 4 * 1024 * 1024;
static_assert(kInboxRequestBytesMax >= kInboxBatchBytesMax + kInboxBatchMax * std::size_t{16},
              "the server must take every batch that the ingress sends");
// The items of one webhook become at most about six times its bytes: an id is kept twice, a broken byte takes three.
static_assert(kInboxBatchBytesMax >= 8 * kWebhookBodyBytesMax,
              "every webhook that is taken must fit into a batch");
// While the server is away a local connection attempt every 100 ms costs nothing and finds it again at once.
inline constexpr std::chrono::milliseconds kHandOverRetry{100};
// How stale the answer of /readyz may be while no webhook comes.
inline constexpr std::chrono::seconds kHandOverProbe{2};

// What strangers and outages repeat is logged so often, with a count: a person reads no faster.
inline constexpr std::chrono::seconds kLogRepeatInterval{1};

// Webhooks that nobody owns yet. Ten minutes outlive every lookup of flow.md §5.
inline constexpr std::chrono::minutes kParkedAge{10};
inline constexpr std::int64_t kParkedMax = 10'000;
inline constexpr std::chrono::hours kDedupeAge{24};
inline constexpr std::int64_t kQuarantineMax = 10'000;
inline constexpr std::size_t kQuarantineBodyBytesMax = 64 * 1024;
// Telephone numbers without a route, foreign configurations and the like that are warned of, once each: an account rarely has more,
// and a scan must not fill the log.
inline constexpr std::size_t kWarnedNamesMax = 1'000;

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
// Pending commands looked at in one round: more than one second of every rate, so that paced ones do not hide the others.
inline constexpr int kPendingWindow = 400;
// A command in flight for longer than its request may take plus this has lost its callback (flow.md, invariant 17).
inline constexpr std::chrono::seconds kInFlightGrace{5};
// How often the store is asked for such commands, where there may be some that this worker does not know of: well within the grace.
inline constexpr std::chrono::seconds kInFlightWatch{2};
// After a start the inputs that piled up go first (flow.md, 18).
inline constexpr std::chrono::seconds kTimersWaitAfterStart{3};
// After an unclean exit, sessions are stepped one at a time for so long.
inline constexpr std::chrono::minutes kCarefulAfterCrash{1};
inline constexpr int kSteppingMarksMax = 2;
inline constexpr std::chrono::minutes kMaintainInterval{1};
// Sessions looked through for timers of this run, while overdue ones wait after a start: four batches.
inline constexpr int kStartWindow = 400;

// The sweep. Calls of the list, or sessions, gone through in one round of the worker: some milliseconds, so that calls do not wait.
inline constexpr int kSweepChunk = 100;
// Hung up in one sweep. More orphans than this are a mistake of the settings or a disaster, and the next sweep goes on.
inline constexpr int kSweepHangUpsMax = 200;
// A session's call that is not listed is looked at only if the session knew of it so long before the list was asked for: lists lag.
inline constexpr std::chrono::seconds kSweepListLag{60};
// All pages of both lists together: a hundred pages at a quarter of a second each.
inline constexpr std::chrono::seconds kSurveyTimeout{30};

// The provider's client: calls-api.md §1.4 bodies are a few KiB; lists of 100 calls about 150 KiB.
inline constexpr std::size_t kProviderBodyBytesMax = 1024 * 1024;
inline constexpr std::chrono::seconds kSendBy{1};
inline constexpr std::chrono::seconds kProviderConnectTimeout{2};
inline constexpr std::chrono::seconds kProviderRequestTimeout{8};
inline constexpr std::chrono::seconds kProviderGetTimeout{5};
inline constexpr std::chrono::seconds kRetryAfterMax{60};
// 100 pages of 100: what one lookup may read before it counts as incomplete.
inline constexpr int kLookupPagesMax = 100;
// The provider's own maximum (calls-api.md §1.3).
inline constexpr int kLookupPageSize = 100;
// Requests at a time, each with a socket: half of the usual 1,024 file descriptors stay for others.
inline constexpr std::size_t kProviderTransfersMax = 500;
// A connection that idled for longer may have died unnoticed; a request whose fate matters takes only one used just now.
inline constexpr std::chrono::seconds kProviderIdleMax{20};
inline constexpr std::chrono::seconds kProviderFreshIdleMax{1};
// New addresses of the provider are found within this time.
inline constexpr std::chrono::seconds kProviderConnectionAgeMax{300};
// Of the provider's words for an error: enough for a sentence and its field names, kept with every command.
inline constexpr std::size_t kProviderErrorBytesMax = 256;
// Without a 429 for so long, a halved rate doubles again.
inline constexpr std::chrono::seconds kThrottleQuiet{10};
// The breaker. One lost request is ordinary, five in a row with no answer between them are an outage.
inline constexpr int kBreakerFailures = 5;
// How long it stays open at first, and at most: answering a call is given up after 15 s, so a provider that is back must be found
// well before that.
inline constexpr std::chrono::milliseconds kBreakerOpenMin{500};
inline constexpr std::chrono::seconds kBreakerOpenMax{5};
// From one probe to the next while no answer says that the provider is back: longer than a healthy one needs, shorter than a time-out.
inline constexpr std::chrono::seconds kBreakerProbeInterval{2};
// The retry budget: at most so many repetitions at once, a tenth of one earned by each success, so that repetitions stay below a tenth
// of the traffic; and one each second in any case, or the only call of a quiet hour could never be helped.
inline constexpr int kRetryBudgetMax = 50;
inline constexpr double kRetryBudgetPerSuccess = 0.1;
inline constexpr double kRetryBudgetPerSecond = 1;

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
// Handlers of unary methods at a time: each waits a few milliseconds for a commit and holds a thread meanwhile; gRPC refuses more in words.
inline constexpr int kUnaryThreadsMax = 64;
// A request is at most three prompts of 1,000 code points, 16 labels and 16 headers: well below.
inline constexpr int kApiRequestBytesMax = 256 * 1024;
// One page of a list stays below the 4 MiB that clients take by default.
inline constexpr std::size_t kListResponseBytesMax = 3 * 1024 * 1024;
// How long StartBridge and EndSession wait for a worker when the caller set no deadline.
inline constexpr std::chrono::seconds kReplyWaitMax{20};
// A waiting handler looks this often whether its caller is still there.
inline constexpr std::chrono::milliseconds kReplyWaitSlice{250};
// What callers are told to wait when a limit is reached: calls end within minutes, dials within seconds.
inline constexpr std::chrono::seconds kBusyRetryDelay{5};
// While a server drains another one takes over, or this one is back within seconds.
inline constexpr std::chrono::seconds kDrainRetryDelay{1};
// start_before_time when the caller names none.
inline constexpr std::chrono::seconds kStartBeforeDefault{30};
inline constexpr std::chrono::seconds kBookmarkIntervalMin{5};
inline constexpr std::chrono::seconds kBookmarkIntervalDefault{15};
inline constexpr std::chrono::seconds kBookmarkIntervalMax{60};
// A session is up to 10 KiB: one batch of snapshots stays small.
inline constexpr int kSnapshotBatchMax = 64;
// How often streams are looked at for heartbeats, age and stalls; an upper bound on their lateness.
inline constexpr std::chrono::milliseconds kStreamTick{250};
// After the error of a stalled reader was queued behind what it did not take; then the stream is reset.
inline constexpr std::chrono::seconds kStalledGrace{10};
// Connections are told to go after this, so that clients find new replicas; streams live on until they announced their own end.
inline constexpr std::chrono::minutes kConnectionAgeMax{10};
inline constexpr std::chrono::minutes kConnectionAgeGrace = kStreamAgeMax + std::chrono::minutes{1};
// Dead peers are noticed after the sum of both; clients may ping as often as kClientPingIntervalMin.
inline constexpr std::chrono::seconds kKeepaliveTime{30};
inline constexpr std::chrono::seconds kKeepaliveTimeout{10};
inline constexpr std::chrono::seconds kClientPingIntervalMin{10};

// The store. More callers than this share one fsync no better, and one failing batch hurts more of them.
inline constexpr int kGroupCommitMax = 256;
// Reads of one SQLite store at a time; each costs a connection with its page cache.
inline constexpr int kStoreReadersMax = 4;
// Inputs of one session in one load: a flood in one session must not fill the memory or a whole commit.
inline constexpr int kInputsPerLoadMax = 200;
// Sessions read in one transaction while a list is searched: long readers starve the checkpoint.
inline constexpr int kListChunk = 200;
// Expired sessions deleted in one transaction, and how many such transactions one Maintain may run: writers wait for each.
inline constexpr int kExpireBatchMax = 50;
inline constexpr int kExpireBatchesMax = 20;
// How long an ended session is kept whose settings do not say, and one that never got a phase.
inline constexpr std::chrono::hours kRetentionDefault{30 * 24};
inline constexpr std::chrono::hours kEmptySessionAge{24};

// Settings and the parts of requests that they share.
// A settings file of a thousand routes is 300 KiB.
inline constexpr std::size_t kSettingsBytesMax = 4 * 1024 * 1024;
// The longest that a provider gives out is a token of about 2 KiB.
inline constexpr std::size_t kSecretBytesMax = 16 * 1024;
// The provider's limits: Calls API appendix B, loopCount and SIP headers.
inline constexpr int kLoopCountMax = 100;
inline constexpr int kSipHeadersMax = 16;
// Headers of a call must fit into one UDP packet together.
inline constexpr std::size_t kSipHeaderNameBytesMax = 64;
inline constexpr std::size_t kSipHeaderValueBytesMax = 256;
inline constexpr std::size_t kLabelKeyBytesMax = 63;
inline constexpr std::size_t kLabelValueBytesMax = 128;
// Names at the provider: users, identities, voices, files.
inline constexpr std::size_t kNameBytesMax = 128;
inline constexpr std::size_t kUrlBytesMax = 2'048;

// Shards of the stream of all sessions; changing it needs a migration.
inline constexpr int kFeedShards = 64;

}  // namespace callbridge::base
