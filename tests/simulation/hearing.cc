#include "tests/simulation/hearing.h"

#include <algorithm>
#include <chrono>

namespace callbridge::simulation {
namespace {

using simulator::Call;
using simulator::Conference;
using simulator::Participant;
using simulator::ParticipantState;

// Shorter than any bound.
constexpr std::chrono::milliseconds kNoticed{500};

}  // namespace

bool Hearing::HasCompany(const Call& call) const {
  const Conference* conference = provider_.conferences.Find(call.conference_id);
  if (conference == nullptr) return false;
  bool joined = false;
  bool others = false;
  for (const Participant& participant : conference->participants) {
    if (participant.state != ParticipantState::kJoined) continue;
    (participant.call_id == call.id ? joined : others) = true;
  }
  return joined && others;
}

bool Hearing::HearsSomething(const Call& call) const {
  if (!call.sounds.empty()) return true;
  const Conference* conference = provider_.conferences.Find(call.conference_id);
  if (conference == nullptr || conference->sounds.empty()) return false;
  return std::any_of(conference->participants.begin(), conference->participants.end(),
                     [&call](const Participant& participant) {
                       return participant.call_id == call.id &&
                              participant.state == ParticipantState::kJoined;
                     });
}

void Hearing::NoteSilence(const Call& call, base::Time now, Ear& ear) {
  const bool company = HasCompany(call);
  const bool silent = call.established() && !call.ended() && !company && !HearsSomething(call);
  if (!silent && ear.silent_since && now - *ear.silent_since >= kNoticed) {
    silences_.push_back({call.id, *ear.silent_since, now - *ear.silent_since, ear.had_company});
  }
  if (!silent) {
    ear.silent_since.reset();
  } else if (!ear.silent_since) {
    ear.silent_since = now;
  }
  ear.had_company |= company;
}

void Hearing::NotePrompt(const Call& call, base::Time now, Ear& ear) {
  const bool said = !call.sounds.empty() && call.sounds.front().say;
  if (ear.prompt && (!said || call.sounds.front().number != ear.prompt->number)) {
    if (now >= ear.prompt->began + ear.prompt->length) {
      ++ear.prompts_heard;
    } else {
      cut_prompts_.push_back({call.id, ear.prompt->what, now});
    }
    ear.prompt.reset();
  }
  if (said && !ear.prompt) ear.prompt = call.sounds.front();
}

void Hearing::Listen(base::Time now) {
  for (const auto& [number, call] : provider_.calls.things()) {
    if (!call.answer) continue;
    Ear& ear = ears_[call.id];
    NoteSilence(call, now, ear);
    NotePrompt(call, now, ear);
  }
}

int Hearing::prompts_heard(const std::string& call_id) const {
  const auto ear = ears_.find(call_id);
  return ear == ears_.end() ? 0 : ear->second.prompts_heard;
}

}  // namespace callbridge::simulation
