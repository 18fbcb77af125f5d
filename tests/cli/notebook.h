// An observer of a subscription for tests.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "callbridge/subscriber.h"

namespace callbridge::client {

// Writes down what it is told, in order: "event 1", "lost", "resumed after 1" …
class Notebook final : public Observer {
 public:
  void OnEvent(const v1::SessionEvent& event, const std::string& resume_token) override {
    lines.push_back("event " + std::to_string(event.sequence()));
    last_token = resume_token;
    Look();
  }
  void OnSnapshot(const v1::Session& session) override {
    lines.push_back("snapshot " + session.session_id());
    Look();
  }
  void OnBookmark(const v1::Bookmark& bookmark, const std::string&) override {
    lines.push_back(v1::Bookmark::Kind_Name(bookmark.kind()));
    Look();
  }
  void OnInterrupted(const Interruption& interruption) override {
    lines.push_back(interruption.announced ? "closed" : "lost");
    interruptions.push_back(interruption);
    Look();
  }
  void OnResumed(const Resumption& resumption) override {
    lines.push_back((resumption.nothing_missed ? "resumed after " : "gap after ") +
                    std::to_string(resumption.after_sequence));
  }

  void Look() {
    if (on_line) on_line(lines.back());
  }

  std::vector<std::string> lines;
  std::vector<Interruption> interruptions;
  std::string last_token;
  std::function<void(const std::string&)> on_line;
};

}  // namespace callbridge::client
