#include "server/base/completion.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>

#include <set>

namespace callbridge::base {
namespace {

using Texts = std::vector<std::string>;

// The differences between the shells.
struct Shell {
  // The text before and after the words that may come next.
  std::string offer;
  std::string offer_end;
  std::string offer_files;
};

Texts Dashed(const std::vector<Flag>& flags) {
  Texts dashed;
  for (const Flag& flag : flags) dashed.push_back("--" + flag.name);
  return dashed;
}

Texts CommandNames(const CompletedProgram& program) {
  Texts names;
  for (const CompletedCommand& command : program.commands) names.push_back(command.name);
  return names;
}

// The name of the script's function.
std::string FunctionOf(const CompletedProgram& program) {
  return "_" + absl::StrReplaceAll(program.name, {{"-", "_"}});
}

std::string Case(const std::string& pattern, const std::string& action) {
  return absl::StrCat("    ", pattern, ") ", action, " ;;\n");
}

std::string Offer(const Shell& shell, const Texts& words) {
  return absl::StrCat(shell.offer, absl::StrJoin(words, " "), shell.offer_end);
}

// Returns the cases after a flag that takes a value.
std::string ValueCases(const Shell& shell, const CompletedProgram& program) {
  std::set<std::string> files;
  std::set<std::string> others;
  std::string cases;
  const auto take = [&](const std::vector<Flag>& flags) {
    for (const Flag& flag : flags) {
      if (flag.value_name.empty()) continue;
      const Texts values = program.values_of(flag.value_name);
      if (!values.empty()) {
        cases += Case("--" + flag.name, absl::StrCat(Offer(shell, values), "; return"));
      } else {
        (flag.value_name == "FILE" ? files : others).insert("--" + flag.name);
      }
    }
  };
  take(program.flags);
  for (const CompletedCommand& command : program.commands) take(command.flags);
  cases += Case(absl::StrJoin(files, "|"), absl::StrCat(shell.offer_files, "; return"));
  return cases + Case(absl::StrJoin(others, "|"), "return");
}

// Returns the cases where a command, a word or a flag may stand.
std::string WordCases(const Shell& shell, const CompletedProgram& program) {
  const Texts global = Dashed(program.flags);
  Texts first = CommandNames(program);
  first.insert(first.end(), global.begin(), global.end());
  std::string cases = Case("''", Offer(shell, first));
  for (const CompletedCommand& command : program.commands) {
    Texts words = command.choices;
    for (const Texts& flags : {Dashed(command.flags), global}) {
      words.insert(words.end(), flags.begin(), flags.end());
    }
    cases += Case(command.name, Offer(shell, words));
  }
  return cases;
}

}  // namespace

std::string BashCompletion(const CompletedProgram& program) {
  const Shell shell{"mapfile -t COMPREPLY < <(compgen -W '", "' -- \"$word\")",
                    "mapfile -t COMPREPLY < <(compgen -f -- \"$word\")"};
  return absl::StrCat("# Completes ", program.name, " in bash. Printed by: ", program.name,
                      " completion bash\n", FunctionOf(program),
                      "() {\n"
                      "  local word=${COMP_WORDS[COMP_CWORD]} command='' i\n"
                      "  COMPREPLY=()\n"
                      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
                      "    case ${COMP_WORDS[i]} in\n      ",
                      absl::StrJoin(CommandNames(program), "|"),
                      ") command=${COMP_WORDS[i]}; break ;;\n"
                      "    esac\n"
                      "  done\n"
                      "  case ${COMP_WORDS[COMP_CWORD-1]} in\n",
                      ValueCases(shell, program),
                      "  esac\n"
                      "  case $command in\n",
                      WordCases(shell, program),
                      "  esac\n"
                      "}\n"
                      "complete -F ",
                      FunctionOf(program), " ", program.name, "\n");
}

std::string ZshCompletion(const CompletedProgram& program) {
  const Shell shell{"compadd -- ", "", "_files"};
  return absl::StrCat("#compdef ", program.name, "\n# Completes ", program.name,
                      " in zsh. Printed by: ", program.name, " completion zsh\n",
                      FunctionOf(program),
                      "() {\n"
                      "  local command='' i\n"
                      "  for ((i = 2; i < CURRENT; i++)); do\n"
                      "    case ${words[i]} in\n      ",
                      absl::StrJoin(CommandNames(program), "|"),
                      ") command=${words[i]}; break ;;\n"
                      "    esac\n"
                      "  done\n"
                      "  case ${words[CURRENT-1]} in\n",
                      ValueCases(shell, program),
                      "  esac\n"
                      "  case $command in\n",
                      WordCases(shell, program),
                      "  esac\n"
                      "}\n",
                      FunctionOf(program), " \"$@\"\n");
}

}  // namespace callbridge::base
