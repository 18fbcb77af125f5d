#include "server/live/scripts.h"

#include <algorithm>

#include "server/live/steps.h"

namespace callbridge::live {
namespace {

std::vector<Script> ScriptsOfRinging() {
  return {
      {"account",
       "what needs no call: whether webhooks come, lists, histories, conferences without people",
       Person::kNobody,
       0,
       {},
       {"legacy-applications", "unknown-configuration", "list-order", "history-has-live",
        "get-finds-ended", "ended-conference", "api-base-url"},
       PlayAccount},
      {"no-answer",
       "what is told of a call that is not answered",
       Person::kLetsRing,
       1,
       kRingsBriefly + kLastsBriefly,
       {"answer-participants", "ringing-in-conference", "ringing-sent", "joining-sent",
        "say-too-early", "join-failed-sent", "call-failed-sent", "join-failed-order",
        "failed-state", "failed-leg-conference-ids"},
       PlayNoAnswer},
      {"ringing-hangup",
       "whether the hangup of a conference reaches a call that rings",
       Person::kLetsRing,
       1,
       kRingsBriefly + kLastsBriefly,
       {"conference-hangup-reaches-ringing"},
       PlayRingingHangup},
      {"early-add",
       "a call that is added to a conference before it is answered, twice, and by POST",
       Person::kAnswers,
       1,
       kRings + kLasts,
       {"add-before-established", "second-add", "post-adds-call", "removed-sent",
        "last-participant-left"},
       PlayEarlyAdd},
  };
}

std::vector<Script> ScriptsOfSounds() {
  return {
      {"say",
       "what a say is answered, what its end tells, and how long a text may be",
       Person::kAnswers,
       1,
       kRings + kLasts,
       {"action-status", "finished-custom-data", "custom-data", "say-limit", "ended-call"},
       PlaySay},
      {"stop-play",
       "what a stop-play ends, and what is told of it",
       Person::kAnswers,
       1,
       kRings + kLasts,
       {"idle-stop-play", "interrupted-sound-finishes", "stop-play-stops-say"},
       PlayStopPlay},
      {"overlap",
       "a sound that does not exist, a second sound over a first, a sound cut by a hangup",
       Person::kAnswers,
       1,
       kRings + kLasts,
       {"missing-file", "overlap", "finished-on-hangup"},
       PlayOverlap},
      {"conference-sounds",
       "sounds of a call in a conference and of the conference, and how its end is told",
       Person::kAnswers,
       1,
       kRings + kLasts,
       {"early-media", "established-order", "call-events-name-conference", "stop-play-scope",
        "conference-sound"},
       PlayConferenceSounds},
      {"conference-end",
       "in which order the end of a conference and of its call are told",
       Person::kAnswers,
       1,
       kRings + kLasts,
       {"conference-finished-first"},
       PlayConferenceEnd},
      {"person-hangs-up",
       "how it is told that the person hung up",
       Person::kHangsUp,
       1,
       kRings + kLasts,
       {"finished-order"},
       PlayPersonHangsUp},
      {"keys",
       "keys that nobody asked for, the terminator, and what ends a capture",
       Person::kPressesKeys,
       1,
       kRings + kLasts,
       {"dtmf-unrequested", "stop-play-ends-capture"},
       PlayKeys},
  };
}

std::vector<Script> ScriptsOfTheRest() {
  return {
      {"recording",
       "how a recording starts and stops, and when its files come, which are deleted",
       Person::kAnswers,
       1,
       kRings + kLasts,
       {"recording", "second-recording", "recording-stopped-at-end", "composition",
        "composed-told"},
       PlayRecording},
      {"no-timeout",
       "how long a call rings if the dial does not say, and a number with a +",
       Person::kLetsRing,
       1,
       kRingsWithoutLimit,
       {"plus-in-numbers"},
       PlayNoTimeout},
      {"incoming",
       "an incoming call that is answered twice",
       Person::kCalls,
       0,
       {},
       {"received-state", "second-answer", "sticky-base-url"},
       PlayIncoming},
      {"abandoned",
       "an incoming call whose caller gives up",
       Person::kGivesUp,
       0,
       {},
       {"abandoned-state"},
       PlayAbandoned},
      {"repeat",
       "when a webhook is repeated that was answered 503",
       Person::kNobody,
       0,
       {},
       {},
       PlayRepeat},
  };
}

std::vector<Script> MakeScripts() {
  std::vector<Script> all = ScriptsOfRinging();
  for (const auto& more : {ScriptsOfSounds(), ScriptsOfTheRest()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace

const std::vector<Script>& Scripts() {
  static const auto* const scripts = new std::vector<Script>(MakeScripts());
  return *scripts;
}

const Script* FindScript(std::string_view name) {
  const auto found = std::ranges::find(Scripts(), name, &Script::name);
  return found == Scripts().end() ? nullptr : &*found;
}

std::string InstructionFor(Person person, const std::string& number) {
  switch (person) {
    case Person::kNobody:
      return "There is nothing to do for you.";
    case Person::kLetsRing:
      return "The telephone rings. Let it ring, and do not answer.";
    case Person::kAnswers:
      return "The telephone rings. Answer, and stay on the line until it is hung up.";
    case Person::kHangsUp:
      return "The telephone rings. Answer, wait for five seconds, then hang up.";
    case Person::kPressesKeys:
      return "The telephone rings. Answer, and press the keys that you are asked for.";
    case Person::kCalls:
      return "Call " + number + " now, from that telephone, and stay on the line.";
    case Person::kGivesUp:
      break;
  }
  return "Call " + number + " now, from that telephone; hang up after five seconds of ringing.";
}

}  // namespace callbridge::live
