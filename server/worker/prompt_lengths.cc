#include "server/worker/prompt_lengths.h"

#include <algorithm>
#include <string>
#include <utility>

#include "server/base/limits.h"

namespace callbridge::worker {
namespace {

using v1::PromptFinished;

const v1::Prompt* PromptOf(const v1::Plan& plan, v1::PromptKind kind) {
  switch (kind) {
    case v1::PROMPT_KIND_GREETING:
      return &plan.greeting();
    case v1::PROMPT_KIND_ANNOUNCEMENT:
      return &plan.announcement();
    case v1::PROMPT_KIND_APOLOGY:
      return &plan.apology();
    default:
      return nullptr;
  }
}

// Returns the leg's lane. It is empty if the leg has heard no sound.
internal::v1::Lane LaneOf(const internal::v1::Session& session, const std::string& leg_id) {
  for (const internal::v1::Lane& lane : session.lanes()) {
    if (lane.leg_id() == leg_id) return lane;
  }
  return {};
}

// True if the told length would not have cut this very prompt. A provider may tell a wrong length.
bool IsCredible(const internal::v1::Session& before, const v1::SessionEvent& finished) {
  const internal::v1::Lane lane = LaneOf(before, finished.prompt_finished().leg_id());
  const bool is_head = lane.content() == internal::v1::Lane::CONTENT_PROMPT &&
                       lane.prompt() == finished.prompt_finished().prompt();
  if (!is_head || !lane.has_sent_time()) return false;
  const base::Duration took =
      base::FromTimestamp(finished.record_time()) - base::FromTimestamp(lane.sent_time());
  return took <= base::FromProtoDuration(finished.prompt_finished().played_duration()) +
                     base::kKnownPromptGrace;
}

}  // namespace

void PromptLengths::Learn(const internal::v1::Session& before, const store::SessionCommit& commit) {
  for (const v1::SessionEvent& event : commit.events) {
    const PromptFinished& finished = event.prompt_finished();
    const v1::Prompt* prompt = PromptOf(commit.session.plan(), finished.prompt());
    // Another recording may be stored at the same address later.
    if (prompt == nullptr || !prompt->has_text()) continue;
    switch (finished.completion()) {
      case PromptFinished::COMPLETION_FULL:
        if (finished.has_played_duration() && IsCredible(before, event)) {
          Note(prompt->SerializeAsString(), base::FromProtoDuration(finished.played_duration()));
        }
        break;
      case PromptFinished::COMPLETION_CUT:
      case PromptFinished::COMPLETION_ASSUMED:
        // The prompt may be longer than its known length.
        Forget(prompt->SerializeAsString());
        break;
      default:
        break;
    }
  }
}

void PromptLengths::Forget(const std::string& prompt) {
  if (longest_.erase(prompt) > 0) std::erase(order_, prompt);
}

void PromptLengths::Note(std::string prompt, base::Duration length) {
  const auto [known, is_new] = longest_.try_emplace(prompt, length);
  known->second = std::max(known->second, length);
  if (!is_new) return;
  order_.push_back(std::move(prompt));
  if (order_.size() <= base::kPromptLengthsMax) return;
  longest_.erase(order_.front());
  order_.pop_front();
}

internal::v1::PromptLengths PromptLengths::Of(const internal::v1::Session& session) const {
  internal::v1::PromptLengths lengths;
  if (longest_.empty()) return lengths;
  const auto look_up = [&](const v1::Prompt& prompt, auto member) {
    const auto known = longest_.find(prompt.SerializeAsString());
    if (known == longest_.end()) return;
    *(lengths.*member)() = base::ToProtoDuration(known->second);
  };
  const v1::Plan& plan = session.plan();
  look_up(plan.greeting(), &internal::v1::PromptLengths::mutable_greeting);
  look_up(plan.announcement(), &internal::v1::PromptLengths::mutable_announcement);
  look_up(plan.apology(), &internal::v1::PromptLengths::mutable_apology);
  return lengths;
}

}  // namespace callbridge::worker
