// The bounds of the service that are no settings, each with its reason: what limits a queue, a
// body, a count or a rate. Pauses and repetitions that one rule of the flow needs stand beside that
// rule.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "server/base/ingress_limits.h"

namespace callbridge::base {

// Clock. The service's clock follows the system's by up to this much in each second, so that a
// deadline of ten seconds is off by up to 50 ms.
inline constexpr std::chrono::milliseconds kClockSlewPerSecond{5};
// NTP keeps a clock within milliseconds. A greater difference means that the clock was set, or that
// NTP does not run.
inline constexpr std::chrono::seconds kClockDifferenceMax{1};
inline constexpr std::chrono::minutes kClockWarningInterval{10};
// Clock of the provider. A smaller difference may come from the time that messages take, or from
// whole seconds in answers. An older observation may have drifted by a second since.
inline constexpr std::chrono::seconds kClockOffsetMin{2};
inline constexpr std::chrono::minutes kClockOffsetAge{10};

// How often the log repeats what strangers and outages cause, with a count. A person reads no
// faster.
inline constexpr std::chrono::seconds kLogRepeatInterval{1};

// Webhooks that belong to no session yet are kept this long. Ten minutes are longer than every
// search of docs/flow.md §5.
inline constexpr std::chrono::minutes kParkedAge{10};
inline constexpr std::int64_t kParkedMax = 10'000;
inline constexpr std::chrono::hours kDedupeAge{24};
// A CALL_RECEIVED that is older is dropped. The provider may repeat it for 41.5 hours
// (docs/provider.md §7.4), and after kDedupeAge only its session still knows it, which
// settings.retention may have deleted. The hour between is for a provider's clock that is ahead.
inline constexpr std::chrono::hours kCallReceivedAgeMax{23};
inline constexpr std::int64_t kQuarantineMax = 10'000;
inline constexpr std::size_t kQuarantineBodyBytesMax = 64 * 1024;
// The log warns of up to this many names once each, such as numbers without a route and foreign
// configurations. An account rarely has more, and a scan must not fill the log.
inline constexpr std::size_t kWarnedNamesMax = 1'000;
// One caller may have this many living calls on one route. A telephone system may call a route ten
// times at once; a forwarding loop calls it without end.
inline constexpr std::size_t kCallsOfOneCallerMax = 20;
// A call counts as living for this long if no event tells its end.
inline constexpr std::chrono::hours kLivingCallAge{1};

// Admission. Sessions beyond limits.sessions_max that only reject their calls; each lives for a few
// seconds. Calls beyond these are left ringing.
inline constexpr std::int64_t kRejectedCallsMax = 1'000;
// The share of a dial's longest wait on which admission counts. A round of the worker, a commit and
// the conference take the rest.
inline constexpr double kDialQueueShare = 0.9;

// Flow.
inline constexpr int kInputsPerSessionMax = 5'000;
// From so many inputs on a session takes no more requests about its legs and recordings, so that
// its calls and its end have the rest. What takes something back is still taken: a stop, an unmute.
inline constexpr int kInputsBeforeRequestsAreRefused = 2'500;
inline constexpr int kMusicRunsMax = 30;
// How many sounds and captures of clients wait on one leg. They are stored with the session.
inline constexpr int kSoundsWaitingMax = 8;
// How often the notice before recording is said to a person for one wish to record, if the provider
// does not prove that it was heard.
inline constexpr int kNoticeAttemptsMax = 2;
// The keys that a person can press or a client can send (docs/provider.md §3.4).
constexpr bool IsTelephoneKey(char c) {
  return std::string_view("0123456789ABCD*#").find(c) != std::string_view::npos;
}
// Keys that clients send. The provider publishes no limit (docs/provider.md §3.4).
inline constexpr int kDigitsSentMax = 32;
// Keys that one capture takes. The provider publishes no limit (docs/provider.md §3.4).
inline constexpr int kDigitsCapturedMax = 64;
// Keys that could not be sent for so long are no longer sent: a machine that asked for them has
// gone on.
inline constexpr std::chrono::seconds kDigitsWait{10};
// A client that starts and stops without end must not make the session too large for its row. From
// so many recordings on no start is taken, which leaves room for each leg of the last one.
inline constexpr int kRecordingsBeforeStartsAreRefused = 90;
inline constexpr int kRecordingsPerSessionMax = 100;
// For so long after its end a session asks for the files of its recordings, if the provider answers
// with errors only.
inline constexpr std::chrono::hours kRecordingLooksTime{24};
// No limit of the Calls API is published (docs/provider.md §3.4). This one bounds what is stored.
inline constexpr int kPromptCodePointsMax = 2'000;
// Sibling products of the provider refuse a longer text, so a longer one is warned of.
inline constexpr int kPromptCodePointsUsual = 1'400;
inline constexpr int kStopPlaysMax = 3;
inline constexpr int kPutsMax = 3;
inline constexpr int kConferenceCreationsMax = 3;

// Worker. Batches are small enough that one commit takes a few milliseconds, and large enough
// that one fsync serves many sessions.
inline constexpr int kStepBatchMax = 100;
inline constexpr int kTakeBatchMax = 100;
// How many pending commands of one account and operation a round reads. Every rate takes more than
// a third of a second for them, and a round is much shorter.
inline constexpr int kRateClassWindow = 32;
// How much longer a spoken prompt may take than it was heard before. The voice needs some time to
// begin, and the webhook of its end to come. If the end came later than that, the length is not
// learned.
inline constexpr std::chrono::seconds kKnownPromptGrace{2};
// A worker remembers up to this many lengths of prompts, which takes up to a few megabytes.
inline constexpr std::size_t kPromptLengthsMax = 1'000;
// Routine looks at talks take half of the operation's rate, so that the other half is left for what
// is overdue.
inline constexpr int kRoutineLooksPerSecond = 50;
// The shortest period of routine looks. It applies as long as there are up to 3,000 talks.
inline constexpr std::chrono::seconds kRoutineLookPeriodMin{60};
// How often the worker counts the talks for this. Calls begin and end within minutes.
inline constexpr std::chrono::seconds kLoadInterval{10};
// A command has lost its callback if it is in flight for longer than its request may take plus this
// time (invariant 17).
inline constexpr std::chrono::seconds kInFlightGrace{5};
// The worker asks the store this often for such commands if there may be some that it does not
// know. It is well within the grace.
inline constexpr std::chrono::seconds kInFlightWatch{2};
// How long overdue timers wait after a start or a pause, so that waiting inputs go first
// (docs/flow.md §4).
inline constexpr std::chrono::seconds kTimersWait{3};
// A round takes milliseconds, and the next one comes within kRoundsApartMax. A round that is later
// by this much comes after a pause.
inline constexpr std::chrono::seconds kPauseMin{2};
inline constexpr std::chrono::seconds kRoundsApartMax{1};
// Pending commands that the worker searches for dials which waited through a pause. It is more than
// admission lets in.
inline constexpr int kResumeWindow = 20'000;
// How long sessions are stepped one at a time after an unclean exit.
inline constexpr std::chrono::minutes kCarefulAfterCrash{1};
inline constexpr int kSteppingMarksMax = 2;
// How often the worker tries to give up a session that cannot be ended either. The second try takes
// no command back, in case the ledger knows more than the session of what has left. The third try
// is for a session that changed meanwhile. A fourth try would fail as these did.
inline constexpr int kGiveUpTriesMax = 3;
// How often the store may abort the commits of a session that does not change meanwhile. Something
// else that changes the session aborts a commit, and the next try sees the change. So a second
// abort is a defect already; a few more do no harm.
inline constexpr int kAbortsMax = 5;
inline constexpr std::chrono::minutes kMaintainInterval{1};
// The interval between deletions while more expired sessions wait. It allows a hundred a second,
// many times as many as the provider's rates let begin.
inline constexpr std::chrono::milliseconds kExpireInterval{100};
// Sessions that the worker searches for timers of this run while overdue ones wait after a start:
// four batches.
inline constexpr int kStartWindow = 400;

// Sweep. One round of the worker goes through this many listed calls or sessions. It takes some
// milliseconds, so that calls do not wait.
inline constexpr int kSweepChunk = 100;
// Hangups of one sweep. More orphans than this come from a mistake in the settings or a disaster;
// the next sweep continues with them.
inline constexpr int kSweepHangUpsMax = 200;
// A session's call that is not listed is looked at only if the session knew of it this long before
// the list was asked for, because lists lag.
// This is much longer than timing.list_lag, because the sweep has time, and a look costs a request.
inline constexpr std::chrono::seconds kSweepListLag{60};
// The time for all pages of both lists: a hundred pages at a quarter of a second each.
inline constexpr std::chrono::seconds kSurveyTimeout{30};

// The provider's client. A body has a few KiB; a list of 100 calls has about 150 KiB.
inline constexpr std::size_t kProviderBodyBytesMax = 1024 * 1024;
inline constexpr std::chrono::seconds kSendBy{1};
inline constexpr std::chrono::seconds kProviderConnectTimeout{2};
inline constexpr std::chrono::seconds kProviderRequestTimeout{8};
// The time-out of every request with effects except a dial. A person waits in silence for it, and a
// lost one is soon found out; a lost dial takes long to look for.
inline constexpr std::chrono::seconds kProviderActionTimeout{3};
inline constexpr std::chrono::seconds kProviderGetTimeout{5};
inline constexpr std::chrono::seconds kRetryAfterMax{60};
// One search may read this many pages of 100 before it counts as incomplete.
inline constexpr int kLookupPagesMax = 100;
// The provider's own maximum (docs/provider.md §1.3).
inline constexpr int kLookupPageSize = 100;
// Requests under way at a time, each with a socket, if the process may have four times as many file
// descriptors (descriptors.h).
inline constexpr std::size_t kProviderTransfersMax = 500;
// A connection that was idle for longer may have died unnoticed. A request whose fate matters takes
// only a connection that was used just now.
inline constexpr std::chrono::seconds kProviderIdleMax{20};
inline constexpr std::chrono::seconds kProviderFreshIdleMax{1};
// A connection is closed at this age, so that new addresses of the provider are found.
inline constexpr std::chrono::seconds kProviderConnectionAgeMax{300};
// Bytes of the provider's error text that every command keeps: enough for a sentence and its field
// names.
inline constexpr std::size_t kProviderErrorBytesMax = 256;
// A halved rate doubles again after this time without a 429.
inline constexpr std::chrono::seconds kThrottleQuiet{10};
// Breaker. One lost request is ordinary; five in a row without an answer between them are an
// outage.
inline constexpr int kBreakerFailures = 5;
// How long the breaker stays open after its first opening, and how long it ever stays open. The
// flow gives up answering a call after 15 s, so the breaker must find a provider that is back well
// before that.
inline constexpr std::chrono::milliseconds kBreakerOpenMin{500};
inline constexpr std::chrono::seconds kBreakerOpenMax{5};
// The time from one probe to the next while no answer says that the provider is back. It is longer
// than a healthy provider needs, and shorter than a time-out.
inline constexpr std::chrono::seconds kBreakerProbeInterval{2};
// The retry budget allows up to this many repetitions at once. Each success earns a tenth of one,
// so that repetitions stay below a tenth of the traffic. One is earned each second in any case,
// because otherwise the only call of a quiet hour could not be helped.
inline constexpr int kRetryBudgetMax = 50;
inline constexpr double kRetryBudgetPerSuccess = 0.1;
inline constexpr double kRetryBudgetPerSecond = 1;

// Public API.
inline constexpr int kListPageSizeMax = 1'000;
inline constexpr int kListPageSizeDefault = 50;
inline constexpr int kLabelsMax = 16;
inline constexpr std::size_t kRequestIdBytesMax = 64;
inline constexpr std::size_t kEndReasonBytesMax = 256;
// Events that are read from the store at a time for one stream.
inline constexpr int kStreamBatchMax = 256;
inline constexpr std::chrono::seconds kReaderStalled{60};
inline constexpr std::chrono::minutes kStreamAgeMax{30};
// Unary calls under way at a time. Most of them wait for a step and hold no thread. Each of them,
// except lists, holds about 10 KiB until its answer is read.
inline constexpr int kCallsMax = 4'096;
// The lists among these calls, until their answers are read. Each answer holds up to
// kListResponseBytesMax, together 192 MiB.
inline constexpr int kListsMax = 64;
// Threads that store requests for bridges and ends. Each waits for a commit, which they share.
inline constexpr int kWriteThreads = 16;
// Threads that read single sessions, and threads that read lists. Together they are fewer than the
// store's readers, which the worker needs as well.
inline constexpr int kReadThreads = 2;
inline constexpr int kListThreads = 1;
// Calls, except lists, that wait for such a thread. It takes one or two milliseconds for each.
inline constexpr std::size_t kCallsWaitingMax = 2'048;
inline constexpr std::chrono::seconds kCallsRetryDelay{1};
// Handlers of the inbox at a time. Each waits a few milliseconds for a commit and holds a thread
// meanwhile; gRPC refuses more in words.
inline constexpr int kInboxThreadsMax = 64;
// A request has up to three prompts of 2,000 code points, 16 labels and 16 headers, which is well
// below this limit.
inline constexpr int kApiRequestBytesMax = 256 * 1024;
// All metadata of a request, as gRPC counts: names, values and 32 bytes for each entry. More
// metadata is a mistake or an attack.
inline constexpr int kMetadataBytesMax = 8 * 1024;
// The server checks this often whether the files of TLS have changed.
inline constexpr std::chrono::seconds kCertificateRefresh{10};
// A refusal travels in the trailers, of which gRPC takes 8 KiB. A larger one arrives as "metadata
// size exceeds limit". The trailers hold the message twice, once with three bytes for each byte
// that is not ASCII; the details grow by a third.
inline constexpr std::size_t kErrorMessageBytesMax = 640;
inline constexpr std::size_t kErrorTextBytesMax = 192;
inline constexpr std::size_t kViolationsBytesMax = 2'560;
inline constexpr std::size_t kViolationsMax = 16;
// Rows that one call of ListSessions looks at, in some tens of milliseconds. A page may then be
// short, and its token goes on.
inline constexpr int kListCallRowsMax = 10'000;
// One page of a list stays below the 4 MiB that clients take by default.
inline constexpr std::size_t kListResponseBytesMax = 3 * 1024 * 1024;
// A call that changes a session waits this long for a worker, or until the client's deadline.
inline constexpr std::chrono::seconds kReplyWaitMax{20};
// The retry delay that clients are told when a limit is reached. Calls end within minutes, dials
// within seconds.
inline constexpr std::chrono::seconds kBusyRetryDelay{5};
// The retry delay that clients are told while a server drains. Another server takes over, or this
// one is back within seconds.
inline constexpr std::chrono::seconds kDrainRetryDelay{1};
// The default of start_before_time, counted from the arrival of the request.
inline constexpr std::chrono::seconds kStartBeforeDefault{30};
inline constexpr std::chrono::seconds kBookmarkIntervalMin{5};
inline constexpr std::chrono::seconds kBookmarkIntervalDefault{15};
inline constexpr std::chrono::seconds kBookmarkIntervalMax{60};
// Snapshots that are read at a time. A session has up to 10 KiB, so one batch stays small.
inline constexpr int kSnapshotBatchMax = 64;
// The health service tolerates a part of the server that does not work for this long. A full disk
// or a slow commit passes, and a probe that takes the server out of service does more harm.
inline constexpr std::chrono::seconds kHealthPatience{5};
// For how long a 403 of the provider, or its answer that it does not know the configuration, makes
// the service unhealthy.
inline constexpr std::chrono::minutes kRefusalCounts{5};
// The health service asks the store this often whether it answers.
inline constexpr std::chrono::seconds kHealthInterval{1};
// Streams that watch the health; balancers and probes need a few.
inline constexpr int kHealthWatchesMax = 100;
// Streams of tools that ask which services there are. Each asks a few questions and ends. The
// server ends one that stays after this time.
inline constexpr int kReflectionStreamsMax = 32;
inline constexpr std::chrono::seconds kReflectionAgeMax{60};
// The interval in which streams are checked for heartbeats, age and stalls. These are late by up to
// this time.
inline constexpr std::chrono::milliseconds kStreamTick{250};
// The error for a stalled reader waits this long behind what the reader did not take. Then the
// stream is reset.
inline constexpr std::chrono::seconds kStalledGrace{10};
// After this time the server asks a client to reconnect, so that clients find new replicas. Streams
// live on until they have announced their own end.
inline constexpr std::chrono::minutes kConnectionAgeMax{10};
inline constexpr std::chrono::minutes kConnectionAgeGrace = kStreamAgeMax + std::chrono::minutes{1};
// The server notices a dead client after the sum of the first two. Clients may ping as often as the
// third says.
inline constexpr std::chrono::seconds kKeepaliveTime{30};
inline constexpr std::chrono::seconds kKeepaliveTimeout{10};
inline constexpr std::chrono::seconds kClientPingIntervalMin{10};

// Stop. The API, the inbox and the worker end one after the other, and each gets this long.
inline constexpr std::chrono::seconds kDrainStep{10};
// The time that the ingress needs to stop: a request that has begun is read, held and answered, and
// its connection is closed.
inline constexpr std::chrono::seconds kIngressDrainMax =
    kWebhookReadTimeout + kHandOverHold + 2 * kWebhookWriteTimeout;

// Log. This is a minute of the busiest log that was seen, and up to some MiB.
inline constexpr std::size_t kLogLinesMax = 4'096;
// A program that ends waits this long for the reader of its log.
inline constexpr std::chrono::seconds kLogFlush{1};

// The longest time from SIGTERM to the exit of a server. The API and an ingress in the server drain
// at the same time, then the inbox and the worker, and then the log is written. The units and
// manifests in deploy/ wait for longer before they kill the server.
inline constexpr std::chrono::seconds kServerStopMax =
    std::max(kDrainStep, kIngressDrainMax) + 2 * kDrainStep + 2 * kLogFlush;

// Store. With more callers, sharing one fsync gains nothing, and a failed batch concerns more of
// them.
inline constexpr int kGroupCommitMax = 256;
// Reads of one SQLite store at a time. Each needs a connection with its page cache.
inline constexpr int kStoreReadersMax = 4;
// Prepared statements of one connection: those that are always used, and the same number again for
// tables that come and go with the hours.
inline constexpr std::size_t kStatementsMax = 200;
// The log file (-wal) grows to this many pages of 4 KiB before its content is copied into the
// database file: 4 MiB, SQLite's own default.
inline constexpr int kLogPagesPerCheckpoint = 1'000;
// If the log is longer than this, reads are held back for a moment so that it can be emptied: 16
// MiB.
inline constexpr int kLogPagesCut = 4'000;
inline constexpr std::chrono::milliseconds kReadersHeldMax{100};
// If the log is longer than this, 64 MiB, another process keeps it from being emptied. A warning is
// logged at each doubling.
inline constexpr int kLogPagesWarned = 16'000;
// The file of an emptied log keeps up to this many bytes.
inline constexpr int kLogBytesKept = 8 * 1024 * 1024;
// Steps of SQLite's virtual machine after which a start checks whether it has to stop. They read
// some hundred rows, whose pages a slow disk reads in less than a second.
inline constexpr int kStepsBetweenStopChecks = 1'000;
// Inputs of one session in one load. A flood in one session must not fill the memory or a whole
// commit.
inline constexpr int kInputsPerLoadMax = 200;
// Rows that a list reads at a time, and rows that it looks at in one transaction, because long
// reads starve the checkpoint.
inline constexpr int kListChunk = 200;
inline constexpr int kListRowsMax = 1'000;
// A session's id holds the time of its creation by the provider's clock or by ours. A list by time
// allows for this difference between them.
inline constexpr std::chrono::hours kSessionIdSkew{1};
// Expired sessions that are deleted in one transaction. Calls wait a few milliseconds for it.
inline constexpr int kExpireBatchMax = 10;
// An ended session is kept for kRetentionDefault if its settings name no retention. A session that
// never got a phase is kept for kEmptySessionAge.
inline constexpr std::chrono::hours kRetentionDefault{30 * 24};
inline constexpr std::chrono::hours kEmptySessionAge{24};

// Settings and the parts of requests that they share.
// A settings file of a thousand routes is 300 KiB.
inline constexpr std::size_t kSettingsBytesMax = 4 * 1024 * 1024;
// The longest secret that a provider gives out is a token of about 2 KiB.
inline constexpr std::size_t kSecretBytesMax = 16 * 1024;
// Repetitions of music, and headers of a SIP call. The provider documents no maximum.
inline constexpr int kLoopCountMax = 100;
inline constexpr int kSipHeadersMax = 16;
// All headers of a call must fit into one UDP packet.
inline constexpr std::size_t kSipHeaderNameBytesMax = 64;
inline constexpr std::size_t kSipHeaderValueBytesMax = 256;
inline constexpr std::size_t kLabelKeyBytesMax = 63;
inline constexpr std::size_t kLabelValueBytesMax = 128;
// Names at the provider: users, identities, voices, files.
inline constexpr std::size_t kNameBytesMax = 128;
inline constexpr std::size_t kUrlBytesMax = 2'048;

// Shards of the stream of all sessions. A change of this number needs a migration of the store.
inline constexpr int kFeedShards = 64;

}  // namespace callbridge::base
