#include "server/worker/prompt_lengths.h"

#include <algorithm>
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

}  // namespace

void PromptLengths::Learn(const store::SessionCommit& commit) {
  for (const v1::SessionEvent& event : commit.events) {
    const PromptFinished& finished = event.prompt_finished();
    const v1::Prompt* prompt = PromptOf(commit.session.plan(), finished.prompt());
    const bool heard = finished.completion() == PromptFinished::COMPLETION_FULL;
    if (prompt == nullptr || !heard || !finished.has_played()) continue;
    Note(prompt->SerializeAsString(), base::FromProtoDuration(finished.played()));
  }
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
  const auto find = [this](const v1::Prompt& prompt) {
    return longest_.find(prompt.SerializeAsString());
  };
  if (const auto known = find(session.plan().greeting()); known != longest_.end()) {
    *lengths.mutable_greeting() = base::ToProtoDuration(known->second);
  }
  if (const auto known = find(session.plan().announcement()); known != longest_.end()) {
    *lengths.mutable_announcement() = base::ToProtoDuration(known->second);
  }
  if (const auto known = find(session.plan().apology()); known != longest_.end()) {
    *lengths.mutable_apology() = base::ToProtoDuration(known->second);
  }
  return lengths;
}

}  // namespace callbridge::worker
