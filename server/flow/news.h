// What can become known in a step and needs a reaction. Each piece of news is first recorded as a
// fact; follow.h decides the reaction. News name a leg by its id.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "callbridge/internal/v1/command.pb.h"
#include "callbridge/internal/v1/facts.pb.h"
#include "callbridge/v1/event.pb.h"
#include "server/base/time.h"

namespace callbridge::flow {

// The call that the leg's dial made was seen for the first time.
struct CallShown {
  std::string leg_id;
};
// A second call of a callee's dial was seen, and has a leg of its own.
struct StrayShown {
  std::string leg_id;
};
// The leg is no longer in the conference. Its call may be alive.
struct LegLeft {
  std::string leg_id;
};
// A complete look did not show the leg's call, for the first time.
struct LegAbsent {
  std::string leg_id;
};
// A look at the call was answered.
struct CallLookedAt {
  std::string leg_id;
  internal::v1::CallFacts facts;
};
// A look at the call failed.
struct CallLookFailed {
  std::string leg_id;
};
// A look for the call of a dial of unknown fate was answered.
struct DialLookedFor {
  std::string leg_id;
  // When the look was asked.
  base::Time asked;
  // The look read all lists.
  bool complete = false;
};
// A dial of unknown fate was looked for to the end, and its call was not found.
struct DialLost {
  std::string leg_id;
};
// The provider told that a call, which was not dialled into the conference, was not taken into it.
struct LegNotJoined {
  std::string leg_id;
};

// The conference's id became known.
struct ConferenceKnown {};
// Another conference of the session's name was seen.
struct SurplusConferenceShown {};
// The conference is over although the flow did not end it.
struct ConferenceGone {};
// A search for the conference by its name was answered.
struct ConferenceLookedFor {
  // When the look was asked.
  base::Time asked;
  // The look read the whole list.
  bool complete = false;
};
// A look at the session's conference was answered, or failed.
struct ConferenceLookedAt {
  // When the look was asked.
  base::Time asked;
  // What the look showed. Absent means that it failed.
  std::optional<internal::v1::ConferenceFacts> facts;
};
// Any look was answered, or failed. It is the last news of a look.
struct LookAnswered {};
// The provider refused for good to answer the caller or to create the conference.
struct PreparationRefused {
  internal::v1::CommandResult result;
};

// The provider told that the sound or capture at the head of the leg's lane has ended or failed.
struct SoundEnded {
  std::string leg_id;
  v1::PromptFinished::Completion completion = v1::PromptFinished::COMPLETION_UNSPECIFIED;
  // How long the sound was heard, if the provider said so.
  std::optional<base::Duration> played;
  // The time since its command was sent.
  base::Duration after{};
  // The sound ended by itself; false means that it failed.
  bool finished = false;
  // For a capture that ended: what it brought.
  std::optional<internal::v1::ProviderEvent::Captured> captured;
};

using News = std::variant<CallShown, StrayShown, LegLeft, LegAbsent, CallLookedAt, CallLookFailed,
                          DialLookedFor, DialLost, LegNotJoined, ConferenceKnown,
                          SurplusConferenceShown, ConferenceGone, ConferenceLookedFor,
                          ConferenceLookedAt, PreparationRefused, LookAnswered, SoundEnded>;

}  // namespace callbridge::flow
