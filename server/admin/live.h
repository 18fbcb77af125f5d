// The command doctor --live: asks, dials a telephone of the operator, and tells what the account
// answers to the questions that no documentation answers (docs/provider.md §9).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "callbridge/config/v1/settings.pb.h"
#include "server/admin/exit_status.h"
#include "server/admin/live_line.h"
#include "server/admin/live_order.h"
#include "server/live/line.h"

namespace callbridge::admin {

// Begins to listen, and gives the line on which the scripts play.
using MakeLine = std::function<absl::StatusOr<std::unique_ptr<live::Line>>(const LineParts&)>;

struct LiveSurroundings {
  std::ostream& out;
  std::ostream& err;
  MakeLine make_line;
  // The operator's next line, without its end; nothing at the end of the input, or if the operator
  // asks to stop. Empty: nobody can be asked.
  std::function<std::optional<std::string>()> read_line;
};

// settings: effective settings. account_name: of parts.account.
ExitStatus RunLive(const LineParts& parts, const config::v1::Settings& settings,
                   const std::string& account_name, const LiveOrder& order,
                   const LiveSurroundings& around);

}  // namespace callbridge::admin
