// How each kind of command is done at the provider: one row for each action, with the published
// rate of its operation, its requests, and what a positive answer shows. What is true of a kind
// wherever it is handled stands in server/base/command_kinds.h. Pure.
#pragma once

#include <span>
#include <string>

#include "callbridge/internal/v1/command.pb.h"
#include "server/provider/account_options.h"
#include "server/provider/command_answer.h"
#include "server/provider/command_request.h"

namespace callbridge::provider {

struct CommandRow {
  internal::v1::Command::ActionCase action;
  // The published rate, and the action's share of it.
  double Rates::*rate;
  double share;
  // Null: the command is a look, which takes as many requests as it needs (look.h).
  Encoder* encode;
  // Null: as above.
  Reader* read;
};

std::span<const CommandRow> CommandRows();
// Null: the command has no action, or one that this release does not know.
const CommandRow* FindRow(internal::v1::Command::ActionCase action);

// The requests of a command with effects. INVALID_ARGUMENT: as its encoder says, or the command is
// a look.
Requests EncodeCommand(const internal::v1::Command& command, const AccountOptions& account,
                       const std::string& service_id);

}  // namespace callbridge::provider
