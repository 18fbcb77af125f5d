#include "client/cli/watcher.h"

#include <absl/strings/str_format.h>

#include <cstddef>
#include <vector>

#include "client/cli/json.h"
#include "client/cli/session_id.h"
#include "client/cli/words.h"
#include "server/base/mask.h"

namespace callbridge::cli {
namespace {

// The beginning of a ULID is its time, which is the same for all sessions of a minute. Its end
// tells them apart.
std::string ShortId(const std::string& session_id) {
  const std::size_t skip =
      session_id.size() > kShortIdLength ? session_id.size() - kShortIdLength : 0;
  return Printable(session_id.substr(skip)) + "  ";
}

}  // namespace

void Watcher::OnEvent(const v1::SessionEvent& event, const std::string&) {
  heard_ = true;
  last_time_ = event.record_time();
  if (event.has_session_ended()) outcome_ = event.session_ended().session().outcome();
  const std::vector<StoryLine> lines = StoryOf(event.session_id()).Tell(event);
  if (options_.json) {
    if (!lines.empty()) PrintJson(event, "event");
  } else {
    const std::string prefix = options_.single ? "" : ShortId(event.session_id());
    for (const StoryLine& line : lines) {
      terminal_.out << Render(line, prefix, terminal_.colour) << "\n";
    }
    // The output is flushed, because the user watches while it happens, perhaps through a pipe.
    terminal_.out.flush();
  }
  if (event.has_session_ended()) stories_.erase(event.session_id());
}

void Watcher::OnSnapshot(const v1::Session& session) {
  heard_ = true;
  if (options_.json) PrintJson(session, "snapshot");
  if (session.state() != v1::Session::STATE_ENDED) {
    ++live_;
    StoryOf(session.session_id()).MeetAt(session);
    return;
  }
  // The snapshot shows a session that ended while the history could not be read.
  outcome_ = session.outcome();
  stories_.erase(session.session_id());
  if (options_.json) return;
  const std::string prefix = options_.single ? "" : ShortId(session.session_id());
  terminal_.out << prefix << OutcomeSentence(session.outcome()) << std::endl;
}

void Watcher::OnBookmark(const v1::Bookmark& bookmark, const std::string&) {
  heard_ = true;
  if (bookmark.kind() != v1::Bookmark::KIND_SNAPSHOT_COMPLETE) return;
  Note(NoteLine(absl::StrFormat("watching; %d session%s under way", live_, live_ == 1 ? "" : "s")));
  live_ = 0;
}

void Watcher::OnInterrupted(const client::Interruption& interruption) {
  // If the server announced the interruption, or it goes on, the line about the resumption
  // suffices.
  if (interruption.announced || interruption.attempt > 1) return;
  const std::string cause(interruption.cause.message());
  Note(NoteLine(absl::StrFormat("%s (%s); trying again",
                                heard_ ? "the connection to the server is lost" : "no answer yet",
                                base::MaskText(Printable(cause)))));
}

void Watcher::OnResumed(const client::Resumption& resumption) {
  // Before the first message no event was missed, so there is nothing to tell.
  if (!heard_) return;
  // Sequence numbers count within a session, so with several sessions one number alone has no
  // meaning.
  Note(ResumedLine(resumption.nothing_missed, options_.single ? resumption.after_sequence : 0));
}

void Watcher::Note(const StoryLine& line) {
  std::ostream& stream = options_.json ? terminal_.err : terminal_.out;
  const std::string prefix(options_.single || options_.json ? 0 : kShortIdLength + 2, ' ');
  stream << Render(line, prefix, terminal_.colour && !options_.json) << std::endl;
}

Story& Watcher::StoryOf(const std::string& session_id) {
  return stories_.try_emplace(session_id, options_.story).first->second;
}

void Watcher::PrintJson(const google::protobuf::Message& message, const char* name) {
  terminal_.out << absl::StrFormat("{\"%s\":%s}", name,
                                   ToJson(message, options_.story.show_numbers))
                << std::endl;
}

}  // namespace callbridge::cli
