// The properties of every kind of command, with one row for each action of command.proto. How a
// command is written as a request and how its answer is read stands in server/provider/commands.h.
// Pure.
#pragma once

#include <span>
#include <string_view>

#include "callbridge/internal/v1/command.pb.h"

namespace callbridge::base {

// The order in which pending commands are offered. Classes that wait for scarce tokens come after
// those that do not; looks at talks in which nothing is overdue come last. The numbers are stored.
enum class Urgency {
  kHangUpOrStop = 0,
  kLook = 1,
  kOrdinary = 2,
  kConference = 3,
  // A person is on the line and waits for the callee.
  kDialCallee = 4,
  // Begins a call for which no person waits yet.
  kDialCaller = 5,
  kRoutineLook = 9,
};

struct CommandKind {
  internal::v1::Command::ActionCase action;
  // The action's name, as command.proto spells it.
  std::string_view name;
  // The command asks the provider and changes nothing there.
  bool look;
  // The usual urgency of this kind; UrgencyOf() knows the exceptions.
  Urgency urgency;
  // The command waits for no other command of its leg.
  bool overtakes;
  // The command waits while the provider is away, and its repetitions have a budget. Commands that
  // free a person from a call, and looks, are never held back.
  bool held_back;
};

// All rows; the row of a command without an action is last.
std::span<const CommandKind> CommandKinds();
// Returns the command's row. A command whose action this release does not know has the row of a
// command without an action.
const CommandKind& KindOf(const internal::v1::Command& command);
const CommandKind& KindOf(internal::v1::Command::ActionCase action);

// True if the command asks the provider and changes nothing there. What it shows has the source
// LOOK in histories.
bool IsLook(const internal::v1::Command& command);

Urgency UrgencyOf(const internal::v1::Command& command);

// Returns the operation that the provider counts and limits: the command's action, except that a
// prompt's audio file is played by the same operation as music.
internal::v1::Command::ActionCase OperationOf(const internal::v1::Command& command);

}  // namespace callbridge::base
