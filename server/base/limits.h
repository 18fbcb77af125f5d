// Every bound of the service that is not a setting, each with its reason. A number that limits a
// queue, a body, a retry or a count stands here and nowhere else.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace callbridge::base {

// The clock. The system's is followed by at most this much in each second, so that a deadline of
// ten seconds is off by 50 ms at most.
inline constexpr std::chrono::milliseconds kClockSlewPerSecond{5};
// NTP keeps a clock within milliseconds: a greater difference is a step, or a clock that is not
// kept.
inline constexpr std::chrono::seconds kClockDifferenceMax{1};
inline constexpr std::chrono::minutes kClockWarningInterval{10};
// Another machine's clock. What messages take on their way, and whole seconds in its answers, are
// no difference; what it said so long ago may have drifted by a second since.
inline constexpr std::chrono::seconds kClockOffsetMin{2};
inline constexpr std::chrono::minutes kClockOffsetAge{10};

// Webhooks. A Calls API event is 1 to 4 KiB; an array of a few dozen still fits.
inline constexpr std::size_t kWebhookBodyBytesMax = 256 * 1024;
inline constexpr std::size_t kWebhookHeaderBytesMax = 16 * 1024;
// A field costs ten times its bytes if they are few; a provider and two proxies send thirty.
inline constexpr int kWebhookHeaderFieldsMax = 100;
// Of a path that is not known, for the log.
inline constexpr std::size_t kLoggedPathBytesMax = 100;
// All bodies that are not answered yet, beyond the first bytes of each, which are as many as a
// usual webhook has: strangers who fill the rest keep it from nobody. With 2,000 connections the
// ingress holds less than 200 MiB, whatever is sent to it.
inline constexpr std::size_t kWebhookBodiesBytesMax = 32 * 1024 * 1024;
inline constexpr std::size_t kWebhookBodyFreeBytes = 8 * 1024;
// A sender that needs longer than this for one request holds a socket for nothing.
inline constexpr std::chrono::seconds kWebhookReadTimeout{10};
// A connection that has brought an authentic webhook may wait long for its next one: closing it at
// the instant the provider uses it again could lose a webhook, because nobody knows whether the
// provider repeats one.
inline constexpr std::chrono::minutes kWebhookIdleTimeout{10};
// The same before there was one: balancers and proxies keep connections for 60 or 75 s, and a POST
// that crosses our close is lost.
inline constexpr std::chrono::seconds kWebhookStrangerIdleTimeout{90};
// An answer is 200 bytes: who does not take it in this time never will.
inline constexpr std::chrono::seconds kWebhookWriteTimeout{5};
// Connections of one ingress, if the process may have twice as many file descriptors
// (descriptors.h): the provider's window is 20 and up.
inline constexpr std::size_t kWebhookConnectionsMax = 2'000;
// Nobody knows whether the provider repeats a refused webhook, so it is held while the server
// restarts; its own read timeout is 10 s.
inline constexpr std::chrono::seconds kHandOverHold{8};
inline constexpr std::size_t kHandOverRequestsMax = 1'000;
// One hand-over: one transaction of the store stays short.
inline constexpr int kInboxBatchMax = 1'000;
// The items of one hand-over together: 1,000 events of the usual size, so that a backlog leaves in
// few transactions.
inline constexpr std::size_t kInboxBatchBytesMax = 2 * 1024 * 1024;
// What the inbox's listener takes as one message: a full batch with the bytes that frame its items,
// and as much again for an ingress of the next version.
inline constexpr int kInboxRequestBytesMax = 4 * 1024 * 1024;
static_assert(kInboxRequestBytesMax >= kInboxBatchBytesMax + kInboxBatchMax * std::size_t{16},
              "the server must take every batch that the ingress sends");
// The items of one webhook become at most about six times its bytes: an id is kept twice, a broken
// byte takes three.
static_assert(kInboxBatchBytesMax >= 8 * kWebhookBodyBytesMax,
              "every webhook that is taken must fit into a batch");
// While the server is away a local connection attempt every 100 ms costs nothing and finds it again
// at once.
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
// Telephone numbers without a route, foreign configurations and the like that are warned of, once
// each: an account rarely has more, and a scan must not fill the log.
inline constexpr std::size_t kWarnedNamesMax = 1'000;
// Living calls of one caller to one route: a telephone system may call a route ten times at once, a
// loop does it without end.
inline constexpr std::size_t kCallsOfOneCallerMax = 20;
// A call of which no end was told counts for so long.
inline constexpr std::chrono::hours kLivingCallAge{1};

// Admission.
// Sessions that only reject their calls, beyond limits.sessions_max: each lives for a few seconds.
// Calls beyond them keep ringing.
inline constexpr std::int64_t kRejectedCallsMax = 1'000;
// Of the time that a dial may wait, what admission counts on: a round of the worker, a commit and
// the conference take some of it.
inline constexpr double kDialQueueShare = 0.9;

// The flow.
inline constexpr int kInputsPerSessionMax = 5'000;
inline constexpr int kMusicRunsMax = 30;
inline constexpr int kPromptCodePointsMax = 1'000;
inline constexpr int kStopPlaysMax = 3;
inline constexpr int kPutsMax = 3;
inline constexpr int kConferenceCreationsMax = 3;

// The worker. Small enough that one commit takes a few milliseconds, large enough that one fsync
// serves many sessions.
inline constexpr int kStepBatchMax = 100;
inline constexpr int kTakeBatchMax = 100;
// Pending commands of one account and operation looked at in one round: more than a third of a
// second of every rate, and a round is much shorter.
inline constexpr int kLaneWindow = 32;
// How much longer a spoken prompt may take than it was heard before: until the voice begins, and
// until the webhook of its end has come. An end that came later than that teaches nothing.
inline constexpr std::chrono::seconds kKnownPromptGrace{2};
// Prompts whose length a worker remembers: the texts of as many plans, a few megabytes at most.
inline constexpr std::size_t kPromptLengthsMax = 1'000;
// Routine looks at talks: half of what the operation may, so that the other half is there for what
// is overdue.
inline constexpr int kRoutineLooksPerSecond = 50;
// So few talks that their own deadline (connected_look) keeps within that.
inline constexpr std::chrono::seconds kRoutineLookPeriodMin{60};
// How often the sessions are counted for it: calls begin and end within minutes.
inline constexpr std::chrono::seconds kLoadInterval{10};
// A command in flight for longer than its request may take plus this has lost its callback
// (flow.md, invariant 17).
inline constexpr std::chrono::seconds kInFlightGrace{5};
// How often the store is asked for such commands, where there may be some that this worker does not
// know of: well within the grace.
inline constexpr std::chrono::seconds kInFlightWatch{2};
// After a start or a pause the inputs that piled up go first (flow.md, 18).
inline constexpr std::chrono::seconds kTimersWait{3};
// A round takes milliseconds, and the next one comes within kRoundsApartMax: what is later by this
// much is a pause.
inline constexpr std::chrono::seconds kPauseMin{2};
inline constexpr std::chrono::seconds kRoundsApartMax{1};
// Pending commands looked through for dials that waited through a pause: more than admission lets
// in.
inline constexpr int kResumeWindow = 20'000;
// After an unclean exit, sessions are stepped one at a time for so long.
inline constexpr std::chrono::minutes kCarefulAfterCrash{1};
inline constexpr int kSteppingMarksMax = 2;
// Tries to give up a session that cannot be ended either. The second one takes nothing back, should
// the ledger know more of what has left than the session; the third one is for a session that
// changed meanwhile. A fourth one would fail as they did.
inline constexpr int kGiveUpTriesMax = 3;
inline constexpr std::chrono::minutes kMaintainInterval{1};
// While there are more expired sessions: a hundred a second are deleted, many times what the
// provider's rates let begin.
inline constexpr std::chrono::milliseconds kExpireInterval{100};
// Sessions looked through for timers of this run, while overdue ones wait after a start: four
// batches.
inline constexpr int kStartWindow = 400;

// The sweep. Calls of the list, or sessions, gone through in one round of the worker: some
// milliseconds, so that calls do not wait.
inline constexpr int kSweepChunk = 100;
// Hung up in one sweep. More orphans than this are a mistake of the settings or a disaster, and the
// next sweep goes on.
inline constexpr int kSweepHangUpsMax = 200;
// A session's call that is not listed is looked at only if the session knew of it so long before
// the list was asked for: lists lag.
inline constexpr std::chrono::seconds kSweepListLag{60};
// All pages of both lists together: a hundred pages at a quarter of a second each.
inline constexpr std::chrono::seconds kSurveyTimeout{30};

// The provider's client: bodies (Calls API §1.4) are a few KiB; lists of 100 calls about 150 KiB.
inline constexpr std::size_t kProviderBodyBytesMax = 1024 * 1024;
inline constexpr std::chrono::seconds kSendBy{1};
inline constexpr std::chrono::seconds kProviderConnectTimeout{2};
inline constexpr std::chrono::seconds kProviderRequestTimeout{8};
// Of everything with effects but a dial. A person waits in silence for it, and what comes of an
// unknown one is soon found out; an unknown dial takes long to look for.
inline constexpr std::chrono::seconds kProviderActionTimeout{3};
inline constexpr std::chrono::seconds kProviderGetTimeout{5};
inline constexpr std::chrono::seconds kRetryAfterMax{60};
// 100 pages of 100: what one lookup may read before it counts as incomplete.
inline constexpr int kLookupPagesMax = 100;
// The provider's own maximum (Calls API §1.3).
inline constexpr int kLookupPageSize = 100;
// Requests at a time, each with a socket, if the process may have four times as many file
// descriptors (descriptors.h).
inline constexpr std::size_t kProviderTransfersMax = 500;
// A connection that idled for longer may have died unnoticed; a request whose fate matters takes
// only one used just now.
inline constexpr std::chrono::seconds kProviderIdleMax{20};
inline constexpr std::chrono::seconds kProviderFreshIdleMax{1};
// New addresses of the provider are found within this time.
inline constexpr std::chrono::seconds kProviderConnectionAgeMax{300};
// Of the provider's words for an error: enough for a sentence and its field names, kept with every
// command.
inline constexpr std::size_t kProviderErrorBytesMax = 256;
// Without a 429 for so long, a halved rate doubles again.
inline constexpr std::chrono::seconds kThrottleQuiet{10};
// The breaker. One lost request is ordinary, five in a row with no answer between them are an
// outage.
inline constexpr int kBreakerFailures = 5;
// How long it stays open at first, and at most: answering a call is given up after 15 s, so a
// provider that is back must be found well before that.
inline constexpr std::chrono::milliseconds kBreakerOpenMin{500};
inline constexpr std::chrono::seconds kBreakerOpenMax{5};
// From one probe to the next while no answer says that the provider is back: longer than a healthy
// one needs, shorter than a time-out.
inline constexpr std::chrono::seconds kBreakerProbeInterval{2};
// The retry budget: at most so many repetitions at once, a tenth of one earned by each success, so
// that repetitions stay below a tenth of the traffic; and one each second in any case, or the only
// call of a quiet hour could never be helped.
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
// Unary calls under way at a time, most of which wait for a step and hold no thread. All but lists
// hold about 10 KiB each, until their answers are read.
inline constexpr int kCallsMax = 4'096;
// Of these the lists, waiting or answered, until their answers are read: each answer holds up to
// kListResponseBytesMax, together 192 MiB.
inline constexpr int kListsMax = 64;
// Threads that begin bridges and ends: each waits for a commit, which they share.
inline constexpr int kWriteThreads = 16;
// Threads that read single sessions, and that read lists: together not all of the store's readers,
// which the worker needs as well.
inline constexpr int kReadThreads = 2;
inline constexpr int kListThreads = 1;
// Calls but lists that wait for such a thread, which takes one or two milliseconds for each.
inline constexpr std::size_t kCallsWaitingMax = 2'048;
inline constexpr std::chrono::seconds kCallsRetryDelay{1};
// Handlers of the inbox at a time: each waits a few milliseconds for a commit and holds a thread
// meanwhile; gRPC refuses more in words.
inline constexpr int kInboxThreadsMax = 64;
// A request is at most three prompts of 1,000 code points, 16 labels and 16 headers: well below.
inline constexpr int kApiRequestBytesMax = 256 * 1024;
// All metadata of a request, as gRPC counts: names, values and 32 bytes for each. More is no call
// but a mistake or an attack.
inline constexpr int kMetadataBytesMax = 8 * 1024;
// How often the files of TLS are looked at.
inline constexpr std::chrono::seconds kCertificateRefresh{10};
// A refusal travels in the trailers, of which gRPC takes 8 KiB: what is more turns it into
// "metadata size exceeds limit". The message stands there twice, once with three bytes for each
// byte that is no ASCII; the details grow by a third.
inline constexpr std::size_t kErrorMessageBytesMax = 640;
inline constexpr std::size_t kErrorTextBytesMax = 192;
inline constexpr std::size_t kViolationsBytesMax = 2'560;
inline constexpr std::size_t kViolationsMax = 16;
// Rows that one call of ListSessions looks at: some tens of milliseconds. A page may then be short,
// and its token goes on.
inline constexpr int kListCallRowsMax = 10'000;
// One page of a list stays below the 4 MiB that clients take by default.
inline constexpr std::size_t kListResponseBytesMax = 3 * 1024 * 1024;
// How long StartBridge and EndSession wait for a worker when the caller set no deadline.
inline constexpr std::chrono::seconds kReplyWaitMax{20};
// What callers are told to wait when a limit is reached: calls end within minutes, dials within
// seconds.
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
// A part of the server that does not work is forgiven for so long: a full disk or a slow commit
// passes, and a probe that takes the server out of service does more harm.
inline constexpr std::chrono::seconds kHealthPatience{5};
// How often the store is asked whether it answers.
inline constexpr std::chrono::seconds kHealthInterval{1};
// Balancers and probes that watch the health; there are a few.
inline constexpr int kHealthWatchesMax = 100;
// Tools that ask what services there are: each asks a few questions and goes. One that stays is
// sent away after the time.
inline constexpr int kReflectionStreamsMax = 32;
inline constexpr std::chrono::seconds kReflectionAgeMax{60};
// How often streams are looked at for heartbeats, age and stalls; an upper bound on their lateness.
inline constexpr std::chrono::milliseconds kStreamTick{250};
// After the error of a stalled reader was queued behind what it did not take; then the stream is
// reset.
inline constexpr std::chrono::seconds kStalledGrace{10};
// Connections are told to go after this, so that clients find new replicas; streams live on until
// they announced their own end.
inline constexpr std::chrono::minutes kConnectionAgeMax{10};
inline constexpr std::chrono::minutes kConnectionAgeGrace = kStreamAgeMax + std::chrono::minutes{1};
// Dead peers are noticed after the sum of both; clients may ping as often as
// kClientPingIntervalMin.
inline constexpr std::chrono::seconds kKeepaliveTime{30};
inline constexpr std::chrono::seconds kKeepaliveTimeout{10};
inline constexpr std::chrono::seconds kClientPingIntervalMin{10};

// A stop. Each part that ends in turn gets this long: API, inbox, worker.
inline constexpr std::chrono::seconds kDrainStep{10};
// The ingress: a request that has begun is read, held and answered, and its connection is closed.
inline constexpr std::chrono::seconds kIngressDrainMax =
    kWebhookReadTimeout + kHandOverHold + 2 * kWebhookWriteTimeout;

// The log. A minute of the busiest log that was seen, and at most some MiB.
inline constexpr std::size_t kLogLinesMax = 4'096;
// How long a program that ends waits for the reader of its log.
inline constexpr std::chrono::seconds kLogFlush{1};

// From SIGTERM to the exit of a server, whatever happens: the API and an ingress of its own drain
// at the same time, then the inbox and the worker, then the log is written. What is in deploy/
// waits longer before it kills.
inline constexpr std::chrono::seconds kServerStopMax =
    std::max(kDrainStep, kIngressDrainMax) + 2 * kDrainStep + 2 * kLogFlush;

// The store. More callers than this share one fsync no better, and one failing batch hurts more of
// them.
inline constexpr int kGroupCommitMax = 256;
// Reads of one SQLite store at a time; each costs a connection with its page cache.
inline constexpr int kStoreReadersMax = 4;
// Prepared statements of one connection: the texts that are always used, and as many again for
// tables that come and go with the hours.
inline constexpr std::size_t kStatementsMax = 200;
// The log file (-wal), in pages of 4 KiB, and when what it holds is copied into the database file:
// 4 MiB, as SQLite itself does.
inline constexpr int kLogPagesPerCheckpoint = 1'000;
// Longer than this, reads are held back for a moment so that the log can be emptied: 16 MiB.
inline constexpr int kLogPagesCut = 4'000;
inline constexpr std::chrono::milliseconds kReadersHeldMax{100};
// Longer than this, somebody else keeps it: a warning, at each doubling. 64 MiB.
inline constexpr int kLogPagesWarned = 16'000;
// What stays of the file of an emptied log.
inline constexpr int kLogBytesKept = 8 * 1024 * 1024;
// Steps of SQLite's machine after which a start looks whether it is to stop: some hundred rows, of
// which a slow disk reads the pages in less than a second.
inline constexpr int kStepsBetweenStopChecks = 1'000;
// Inputs of one session in one load: a flood in one session must not fill the memory or a whole
// commit.
inline constexpr int kInputsPerLoadMax = 200;
// Rows that a list reads at a time, and looks at in one transaction: long readers starve the
// checkpoint.
inline constexpr int kListChunk = 200;
inline constexpr int kListRowsMax = 1'000;
// The name of a session holds the time of its birth by the provider's clock or by ours; a list by
// time allows for so much between them.
inline constexpr std::chrono::hours kSessionIdSkew{1};
// Expired sessions deleted in one transaction, for which the calls wait a few milliseconds.
inline constexpr int kExpireBatchMax = 10;
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
