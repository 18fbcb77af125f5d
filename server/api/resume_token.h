// Where a stream of events was left: the store, the scope (one session, or all sessions with
// certain labels) and the position. Clients do not read it. A token is valid only for the store
// that it names, on every replica.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "server/base/time.h"
#include "server/store/history.h"

namespace callbridge::api {

struct ResumeToken {
  enum class Kind {
    // One session. `sequence` is the last event sent.
    kSession,
    // All sessions. `position` is after the last event sent.
    kAll,
    // All sessions, while their snapshots are being sent. They continue after snapshot_place; empty
    // means that no snapshot was sent.
    kAllInSnapshot,
  };
  Kind kind = Kind::kSession;
  // The digests that StoreDigest and ScopeDigest return.
  std::string store;
  std::string scope;
  std::int32_t sequence = 0;
  store::FeedPosition position{};
  std::string snapshot_place;
  // Of the same: also the sessions that have ended since then are being sent. Not before 1970.
  std::optional<base::Time> ended_since;
};

std::string EncodeResumeToken(const ResumeToken& token);
// Absent means that EncodeResumeToken did not make the text.
std::optional<ResumeToken> DecodeResumeToken(std::string_view text);

std::string StoreDigest(const std::string& store_id);
// Returns the digest of the scope. An empty session_id means all sessions that carry the labels.
std::string ScopeDigest(const std::string& session_id,
                        const std::map<std::string, std::string>& labels);

}  // namespace callbridge::api
