// The scripts: each is one course of requests that answers some of the open questions
// (docs/provider.md §9). A script costs the calls that it says, waits for webhooks as long as it
// needs, and leaves to the stage what has to be hung up.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "server/live/stage.h"

namespace callbridge::live {

// What the person at the telephone has to do.
enum class Person { kNobody, kLetsRing, kAnswers, kHangsUp, kPressesKeys, kCalls, kGivesUp };

struct Script {
  std::string name;
  // What is measured.
  std::string purpose;
  Person person = Person::kNobody;
  // Calls that it dials.
  int calls = 0;
  // How long each may last, ringing included. The provider ends it then at the latest.
  std::chrono::seconds longest{0};
  // The questions that it answers, by their switches (questions.h).
  std::vector<std::string> asks;
  void (*play)(Stage&) = nullptr;
};

// In the order in which they are played: the first dials nobody and finds out whether webhooks
// come.
const std::vector<Script>& Scripts();
// Null if there is none.
const Script* FindScript(std::string_view name);
// The sentence for the person. number: what the person calls, as it is shown.
std::string InstructionFor(Person person, const std::string& number);

void PlayAccount(Stage& stage);
void PlayNoAnswer(Stage& stage);
void PlayRingingHangup(Stage& stage);
void PlayEarlyAdd(Stage& stage);
void PlaySay(Stage& stage);
void PlayStopPlay(Stage& stage);
void PlayOverlap(Stage& stage);
void PlayConferenceSounds(Stage& stage);
void PlayPersonHangsUp(Stage& stage);
void PlayConferenceEnd(Stage& stage);
void PlayKeys(Stage& stage);
void PlayRecording(Stage& stage);
void PlayNoTimeout(Stage& stage);
void PlayIncoming(Stage& stage);
void PlayAbandoned(Stage& stage);
void PlayRepeat(Stage& stage);

}  // namespace callbridge::live
