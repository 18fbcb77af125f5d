// Prints what a subscription delivers: one session's story, the stories of many sessions side by
// side, or JSON. It makes no decision about the connection, and only reports what happened to it.
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
  // Only one session is shown, so its lines have no prefix.
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

  // Prints a remark about the connection.
  void Note(const StoryLine& line);

  // The outcome of the session that ended last.
  const std::optional<v1::Outcome>& outcome() const { return outcome_; }
  // When the last event was stored.
  const std::optional<google::protobuf::Timestamp>& last_time() const { return last_time_; }

 private:
  Story& StoryOf(const std::string& session_id);
  void PrintJson(const google::protobuf::Message& message, const char* name);

  const Terminal& terminal_;
  const WatcherOptions options_;
  // The stories of living sessions; their number is bounded by the service.
  std::map<std::string, Story> stories_;
  // The number of sessions in the snapshot that is arriving.
  int live_ = 0;
  bool heard_ = false;
  std::optional<v1::Outcome> outcome_;
  std::optional<google::protobuf::Timestamp> last_time_;
};

}  // namespace callbridge::cli
