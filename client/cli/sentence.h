// One event of a session as one sentence in the words of the field. Pure: what it needs of earlier
// events is lent to it.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "callbridge/v1/event.pb.h"

namespace callbridge::cli {

// For whom a sentence is.
enum class Weight {
  kDiagnostic,  // Shown when asked for.
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
  // "DialCallee for callee-1" by the command's number, for the results.
  std::map<std::int32_t, std::string> commands;
};

Sentence Describe(const v1::SessionEvent& event, const Context& context);

// "DialCallee for callee-1".
std::string CommandName(const v1::CommandSent& command);

}  // namespace callbridge::cli
