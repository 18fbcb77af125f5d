// The lengths of spoken prompts, as the provider told them when they were played to their end; most
// sessions use the same few prompts. A prompt that was cut, or whose end was not told, becomes
// unknown again. Each process learns the lengths for itself after its start.
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
  // Learns from a commit that was made. before: the session that the commit changed.
  void Learn(const internal::v1::Session& before, const store::SessionCommit& commit);
  // The known lengths of the prompts in the session's plan.
  internal::v1::PromptLengths Of(const internal::v1::Session& session) const;

 private:
  void Note(std::string prompt, base::Duration length);
  void Forget(const std::string& prompt);

  // The longest length of each prompt, keyed by the serialized prompt. The longest is kept, so that
  // no prompt is cut off because another voice was quicker.
  std::map<std::string, base::Duration> longest_;
  // The prompts in the order in which they became known.
  std::deque<std::string> order_;
};

}  // namespace callbridge::worker
