#include "client/cli/completion.h"

#include <string_view>
#include <vector>

#include "callbridge/v1/session.pb.h"
#include "client/cli/usage.h"
#include "client/cli/words.h"
#include "server/base/completion.h"

namespace callbridge::cli {
namespace {

std::vector<std::string> ValuesOf(std::string_view value_name) {
  if (value_name == "STATE") return Words(*v1::Session::State_descriptor());
  if (value_name == "RESULT") return Words(*v1::Outcome::Result_descriptor());
  return {};
}

base::CompletedProgram Program() {
  base::CompletedProgram program{"callbridge", GlobalFlags(), {}, ValuesOf};
  for (const CommandUsage& command : Commands()) {
    program.commands.push_back({command.name, command.flags, command.choices});
  }
  return program;
}

}  // namespace

std::string BashCompletion() { return base::BashCompletion(Program()); }

std::string ZshCompletion() { return base::ZshCompletion(Program()); }

}  // namespace callbridge::cli
