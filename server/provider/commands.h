// How each kind of command is done at the provider. The table has one row for each action, with the
// published rate of its operation, its requests, and the reader of a positive answer. Properties
// that do not depend on the provider stand in server/base/command_kinds.h. Pure.
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
  // Null for a look, which makes as many requests as it needs (look.h).
  Encoder* encode;
  // Null for a look.
  Reader* read;
};

std::span<const CommandRow> CommandRows();
// Returns the row of an action. Null means that the command has no action, or an action that this
// release does not know.
const CommandRow* FindRow(internal::v1::Command::ActionCase action);

// Returns the requests of a command with effects. INVALID_ARGUMENT comes from its encoder, or means
// that the command is a look.
Requests EncodeCommand(const internal::v1::Command& command, const AccountOptions& account,
                       const std::string& service_id);

}  // namespace callbridge::provider
