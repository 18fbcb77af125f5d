// Where a stream of events was left: the store, the scope (one session, or all with certain labels)
// and the position. Opaque to clients. A token is valid on every replica of the store that it
// names, and nowhere else.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "server/store/history.h"

namespace callbridge::api {

struct ResumeToken {
  enum class Kind {
    // One session; sequence is the last one sent.
    kSession,
    // All sessions; position is behind the last one sent.
    kAll,
    // All sessions, and their snapshots are not all sent: they go on behind snapshot_place (empty:
    // none is sent).
    kAllInSnapshot,
  };
  Kind kind = Kind::kSession;
  // Digests; see StoreDigest and ScopeDigest.
  std::string store;
  std::string scope;
  std::int32_t sequence = 0;
  store::FeedPosition position{};
  std::string snapshot_place;
};

std::string EncodeResumeToken(const ResumeToken& token);
// Absent: not a text that EncodeResumeToken made.
std::optional<ResumeToken> DecodeResumeToken(std::string_view text);

std::string StoreDigest(const std::string& store_id);
// session_id empty: all sessions that carry the labels.
std::string ScopeDigest(const std::string& session_id,
                        const std::map<std::string, std::string>& labels);

}  // namespace callbridge::api
