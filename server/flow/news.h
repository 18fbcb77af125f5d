// What can become known in a step and calls for something: each is recorded as a fact first, and
// follow.h says what is done about it. News name a leg by its id.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "callbridge/internal/v1/command.pb.h"
#include "callbridge/internal/v1/facts.pb.h"
#include "callbridge/v1/event.pb.h"
#include "server/base/time.h"

namespace callbridge::flow {

// --- of a leg ---

// The call that the leg's dial made was seen for the first time.
struct CallShown {
  std::string leg_id;
};
// A second call of a callee's dial was seen: it has a leg of its own.
struct StrayShown {
  std::string leg_id;
};
// It is no longer in the conference. Its call may be alive.
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
// A look at the call came to nothing.
struct CallLookFailed {
  std::string leg_id;
};
// The call of a dial of unknown fate was looked for.
struct DialLookedFor {
  std::string leg_id;
  // When the look was asked.
  base::Time asked;
  // The lists left nothing out.
  bool complete = false;
};
// A dial of unknown fate was looked for in vain, to the end.
struct DialLost {
  std::string leg_id;
};
// The caller's call was not taken into the conference, by the provider's word.
struct CallerNotJoined {};

// --- of the conference ---

// Its id became known.
struct ConferenceKnown {};
// Another conference of the session's name was seen.
struct SurplusConferenceShown {};
// It is over, and nobody had asked for that.
struct ConferenceGone {};
// It was looked for by its name.
struct ConferenceLookedFor {
  // When the look was asked.
  base::Time asked;
  // The list was read, and left nothing out.
  bool complete = false;
};
// A look at the session's conference was answered, or came to nothing.
struct ConferenceLookedAt {
  // When the look was asked.
  base::Time asked;
  // What it showed. Absent: nothing.
  std::optional<internal::v1::ConferenceFacts> facts;
};
// Any look was answered, or came to nothing; the last of its news.
struct LookAnswered {};
// The provider refused, for good, to answer the caller or to create the conference.
struct PreparationRefused {
  internal::v1::CommandResult result;
};

// --- of what is heard ---

// The sound at the head of the leg's lane has ended or failed, by the provider's word.
struct SoundEnded {
  std::string leg_id;
  v1::PromptFinished::Completion completion = v1::PromptFinished::COMPLETION_UNSPECIFIED;
  // How long it was heard, if the provider said so.
  std::optional<base::Duration> played;
  // Since its command was sent.
  base::Duration after{};
  // Its own end was told, not a failure.
  bool finished = false;
};

using News = std::variant<CallShown, StrayShown, LegLeft, LegAbsent, CallLookedAt, CallLookFailed,
                          DialLookedFor, DialLost, CallerNotJoined, ConferenceKnown,
                          SurplusConferenceShown, ConferenceGone, ConferenceLookedFor,
                          ConferenceLookedAt, PreparationRefused, LookAnswered, SoundEnded>;

}  // namespace callbridge::flow
