// A store whose sessions are written by hand: history without a flow, so that readers can be tested
// with exactly the events that a test names. Everything is committed through the store's own door.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "callbridge/v1/bridge_service.pb.h"
#include "callbridge/v1/event.pb.h"
#include "server/base/clock.h"
#include "server/store/store.h"

namespace callbridge::tests {

using Labels = std::map<std::string, std::string>;

// 2026-01-15T12:00:00Z.
base::Time StoryStart();

class Story {
 public:
  Story();

  // A new session that is connected, with its first event. Not while a worker runs: it would step
  // the session's input.
  void Begin(const std::string& session_id, const Labels& labels = {});
  // One more event.
  void Tell(const std::string& session_id,
            v1::SessionEvent::Detail detail = v1::SessionEvent::DETAIL_NORMAL);
  // So many events in one commit, each as large as given.
  void TellMany(const std::string& session_id, int count, std::size_t bytes = 0);
  // One more recording, which clients see; its id is the number among the session's.
  void Record(const std::string& session_id);
  // Its caller, who has joined, has refused to be recorded.
  void Refuse(const std::string& session_id);
  // SessionEnded; the session is over.
  void End(const std::string& session_id);

  // Sets the request_id of the session's record, of any length: makes records large.
  void Name(const std::string& session_id, const std::string& request_id);

  // Sequence of the last event.
  int sequence(const std::string& session_id) const;

  store::Store& store() { return *store_; }
  base::ManualClock& clock() { return clock_; }

 private:
  struct Chapter {
    internal::v1::Session session;
    std::int64_t revision = 0;
    Labels labels;
  };

  v1::SessionEvent NextEvent(Chapter& chapter, v1::SessionEvent::Detail detail);
  void Commit(Chapter& chapter, store::SessionCommit commit);

  std::unique_ptr<store::Store> store_;
  base::ManualClock clock_;
  std::map<std::string, Chapter> chapters_;
};

// A valid name of a session that sorts by number.
std::string SessionName(int number);

}  // namespace callbridge::tests
