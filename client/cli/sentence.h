// Describes one event of a session in one sentence, in the words of telephony. Pure: the caller
// passes what the sentence needs of earlier events.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "callbridge/v1/event.pb.h"

namespace callbridge::cli {

// The readers for whom a sentence is meant.
enum class Weight {
  kDiagnostic,  // Shown only on request.
  kNormal,
  kTrouble,  // Always shown, and marked.
};

struct Sentence {
  Weight weight = Weight::kNormal;
  std::string text;
};

// What earlier events said.
struct Context {
  bool show_numbers = false;
  v1::Session::Origin origin = v1::Session::ORIGIN_UNSPECIFIED;
  // The ids of the legs that were seen to be dialled, or that had been before.
  std::set<std::string> dialled;
  // Names like "DialCallee for callee-1" by the command's number, for the events that tell results.
  std::map<std::int32_t, std::string> commands;
};

Sentence Describe(const v1::SessionEvent& event, const Context& context);

// Returns a name like "DialCallee for callee-1".
std::string CommandName(const v1::CommandSent& command);

}  // namespace callbridge::cli
