// Prints what a subscription delivers: one session's story, those of many side by side, or JSON. It
// decides nothing about the connection; it only says what became of it.
#pragma once

#include <map>
#include <optional>
#include <ostream>
#include <string>

#include "callbridge/subscriber.h"
#include "client/cli/run.h"
#include "client/cli/story.h"

namespace callbridge::cli {

struct WatcherOptions {
  StoryOptions story;
  bool json = false;
  // One session: no prefix in front of its lines.
  bool single = false;
};

class Watcher final : public client::Observer {
 public:
  Watcher(const Terminal& terminal, WatcherOptions options)
      : terminal_(terminal), options_(options) {}

  void OnEvent(const v1::SessionEvent& event, const std::string& resume_token) override;
  void OnSnapshot(const v1::Session& session) override;
  void OnBookmark(const v1::Bookmark& bookmark, const std::string& resume_token) override;
  void OnInterrupted(const client::Interruption& interruption) override;
  void OnResumed(const client::Resumption& resumption) override;

  // A remark about the connection.
  void Note(const StoryLine& line);

  // Of the session that ended last.
  const std::optional<v1::Outcome>& outcome() const { return outcome_; }
  // When the last event was stored.
  const std::optional<google::protobuf::Timestamp>& last_time() const { return last_time_; }

 private:
  Story& StoryOf(const std::string& session_id);
  void PrintJson(const google::protobuf::Message& message, const char* name);

  const Terminal& terminal_;
  const WatcherOptions options_;
  // Of sessions that have not ended: as many as the service runs.
  std::map<std::string, Story> stories_;
  // Sessions of the snapshot that comes in.
  int live_ = 0;
  bool heard_ = false;
  std::optional<v1::Outcome> outcome_;
  std::optional<google::protobuf::Timestamp> last_time_;
};

}  // namespace callbridge::cli
