// The provider as it was recorded: answers requests, and posts webhooks, from transcripts that
// callbridge-admin doctor --live has written (docs/simulator.md, Replay). The same requests have to
// come in the same order; what differs is told in words. Numbers, ids and names of a transcript
// stand for those of the client, which are learned from its requests. Pure: no clock, thread,
// socket.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulator/model.h"

namespace callbridge::simulator {

// One line of a transcript.
struct RecordedLine {
  enum class Kind { kRequest, kAnswer, kWebhook };
  Kind kind = Kind::kRequest;
  base::Duration at{};
  // The method of a request, the type of a webhook.
  std::string word;
  std::string target;
  int status = 0;
  // JSON; empty if there is none.
  std::string body;
};

struct RecordedScript {
  std::string name;
  int place = 0;
  std::vector<RecordedLine> lines;
};

// InvalidArgument names the line and what is wrong with it.
absl::StatusOr<RecordedScript> ParseTranscript(std::string_view text);
// All files *.jsonl of the folder, in the order in which they were played. InvalidArgument names
// the file; NotFound: there is none.
absl::StatusOr<std::vector<RecordedScript>> LoadTranscripts(const std::string& folder);

class Replay {
 public:
  struct Settings {
    // Times between lines take so many times less.
    double speed = 1;
    // Stands for the host of the account.
    std::string api_base_url;
    // Gets each difference between the transcripts and what comes, as a sentence.
    std::function<void(const std::string&)> on_difference = [](const std::string&) {};
  };
  Replay(std::vector<RecordedScript> scripts, Settings settings);

  Response HandleRequest(const Request& request, base::Time now);
  // The webhooks that leave by now, in order.
  std::vector<Delivery> Advance(base::Time now);
  std::optional<base::Time> NextTime() const;

  const std::vector<std::string>& differences() const { return differences_; }
  // Requests of the transcripts that have not come.
  std::size_t left() const;

 private:
  // A line by its script and its place in it.
  struct Place {
    std::size_t script = 0;
    std::size_t line = 0;
  };
  using Bindings = std::map<std::string, std::string>;

  // The next request at or after the place, if there is one.
  std::optional<Place> NextRequest(Place from) const;
  const RecordedLine& At(const Place& place) const {
    return scripts_[place.script].lines[place.line];
  }
  // Whether the request is the recorded one; binds what the recorded one leaves open.
  bool Fits(const RecordedLine& recorded, const Request& request, Bindings& bindings) const;
  Response AnswerOf(const Place& request, base::Time now);
  // Lets the webhooks leave that were recorded from the place on, until the next request.
  void Schedule(Place from, base::Duration recorded, base::Time now);
  void Post(const RecordedLine& line, base::Time due);
  // What comes at the beginning of a script has no request before it: the person calls.
  void PostBeginOf(const RecordedScript& script, base::Time begin);
  std::string Fill(const std::string& body) const;
  Response Differ(const std::string& difference);
  base::Duration Scaled(base::Duration duration) const;

  const std::vector<RecordedScript> scripts_;
  const Settings settings_;
  Place next_;
  Bindings bindings_;
  bool begun_ = false;
  std::multimap<base::Time, Delivery> waiting_;
  std::int64_t posted_ = 0;
  std::vector<std::string> differences_;
};

}  // namespace callbridge::simulator
