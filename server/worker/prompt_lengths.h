// How long spoken prompts are, as the provider told when they were heard to their end: most
// sessions have the same few. A prompt that was cut, or whose end was not told, is unknown again.
// Each start and each replica learns for itself.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "callbridge/internal/v1/input.pb.h"
#include "server/base/time.h"
#include "server/store/work.h"

namespace callbridge::worker {

class PromptLengths {
 public:
  // From a commit that was made. before: the session that it changed.
  void Learn(const internal::v1::Session& before, const store::SessionCommit& commit);
  // Of the prompts in the session's plan; without those of which nothing is known.
  internal::v1::PromptLengths Of(const internal::v1::Session& session) const;

 private:
  void Note(std::string prompt, base::Duration length);
  void Forget(const std::string& prompt);

  // By prompt, serialized. The longest of all times, so that no prompt is cut off because another
  // voice was quicker.
  std::map<std::string, base::Duration> longest_;
  // The prompts in the order in which they came to be known.
  std::deque<std::string> order_;
};

}  // namespace callbridge::worker
