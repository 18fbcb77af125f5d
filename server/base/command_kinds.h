// What is true of every command of one kind, whoever handles it: one row for each action of
// command.proto. How a command is written as a request, and its answer is read, stands in
// server/provider/commands.h. Pure.
#pragma once

#include <span>
#include <string_view>

#include "callbridge/internal/v1/command.pb.h"

namespace callbridge::base {

// In which order pending commands are offered. Classes that wait for scarce tokens come after those
// that do not, and looks at talks in which nothing is overdue come last. The numbers are stored.
enum class Urgency {
  kHangUpOrStop = 0,
  kLook = 1,
  kOrdinary = 2,
  kConference = 3,
  // A person is on the line and waits for the other one.
  kDialCallee = 4,
  // Begins a call that keeps no person waiting yet.
  kDialCaller = 5,
  kRoutineLook = 9,
};

struct CommandKind {
  internal::v1::Command::ActionCase action;
  // As command.proto spells it.
  std::string_view name;
  // It asks the provider and changes nothing there.
  bool look;
  // UrgencyOf knows the exceptions.
  Urgency urgency;
  // It waits for no other command of its leg.
  bool overtakes;
  // It waits while the provider is away, and its repetitions have a budget. Commands that free a
  // person from a call, and looks, are never held back.
  bool held_back;
};

// All rows, that of a command without an action last.
std::span<const CommandKind> CommandKinds();
// A command whose action this release does not know has the row of a command without an action.
const CommandKind& KindOf(const internal::v1::Command& command);

Urgency UrgencyOf(const internal::v1::Command& command);

// What the provider counts and limits as one: the command's action, except that it plays a prompt's
// audio file by the same operation as music.
internal::v1::Command::ActionCase OperationOf(const internal::v1::Command& command);

}  // namespace callbridge::base
