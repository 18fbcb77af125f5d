// Tells a session as a story: events in, lines out. Pure: it reads no clock and writes no output,
// so that the same events always give the same lines (tests/cli/stories).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "callbridge/v1/event.pb.h"
#include "callbridge/v1/session.pb.h"
#include "client/cli/noticed_times.h"
#include "client/cli/sentence.h"
#include "server/base/time.h"

namespace callbridge::cli {

struct StoryLine {
  enum class Kind { kNormal, kDiagnostic, kTrouble, kOutcome, kNote };

  Kind kind = Kind::kNormal;
  // The time since the session was created. Absent in notes, and when the session's beginning is
  // unknown.
  std::optional<base::Duration> since_start;
  // The new state; empty if it did not change.
  std::string state;
  std::string text;
};

struct StoryOptions {
  bool show_numbers = false;
  // Also shows the messages between this service and the provider.
  bool diagnostic = false;
};

// Not thread-safe.
class Story {
 public:
  explicit Story(StoryOptions options) : options_(options) {
    context_.show_numbers = options.show_numbers;
  }

  // Begins in the middle of a session: its beginning and state are known from here on.
  void MeetAt(const v1::Session& session);
  // Returns the lines of the session's next event; none for an event that the user did not ask to
  // see.
  std::vector<StoryLine> Tell(const v1::SessionEvent& event);

 private:
  StoryLine MakeLine(const v1::SessionEvent& event, StoryLine::Kind kind, std::string text);
  void TellEnd(const v1::SessionEvent& event, std::vector<StoryLine>& lines);

  StoryOptions options_;
  Context context_;
  NoticedTimes times_;
  std::optional<base::Time> start_;
  std::string state_;
};

// Returns the sentence about the connection to the server that follows a resumption.
StoryLine ResumedLine(bool nothing_missed, int after_sequence);
StoryLine NoteLine(std::string text);

// Returns one line of text without its end. The prefix stands first, for streams of several
// sessions.
std::string Render(const StoryLine& line, std::string_view prefix, bool colour);

// Returns the outcome of a session in one sentence: "COMPLETED: The callee hung up after 62 s."
std::string OutcomeSentence(const v1::Outcome& outcome);

}  // namespace callbridge::cli
