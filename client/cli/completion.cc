#include "client/cli/completion.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <set>
#include <string_view>
#include <vector>

#include "callbridge/v1/session.pb.h"
#include "client/cli/usage.h"
#include "client/cli/words.h"

namespace callbridge::cli {
namespace {

using Texts = std::vector<std::string>;

// The differences between the shells.
struct Shell {
  // The text before and after the words that may come next.
  std::string offer;
  std::string offer_end;
  std::string offer_files;
};

Texts Dashed(const std::vector<base::Flag>& flags) {
  Texts dashed;
  for (const base::Flag& flag : flags) dashed.push_back("--" + flag.name);
  return dashed;
}

Texts CommandNames() {
  Texts names;
  for (const CommandUsage& command : Commands()) names.push_back(command.name);
  return names;
}

// Returns the values that a flag takes. `value_name` is the name that stands for them in the help.
// Empty means that the program does not know them.
Texts ValuesOf(std::string_view value_name) {
  if (value_name == "STATE") return Words(*v1::Session::State_descriptor());
  if (value_name == "RESULT") return Words(*v1::Outcome::Result_descriptor());
  return {};
}

std::string Case(const std::string& pattern, const std::string& action) {
  return absl::StrCat("    ", pattern, ") ", action, " ;;\n");
}

std::string Offer(const Shell& shell, const Texts& words) {
  return absl::StrCat(shell.offer, absl::StrJoin(words, " "), shell.offer_end);
}

// Returns the cases after a flag that takes a value.
std::string ValueCases(const Shell& shell) {
  std::set<std::string> files;
  std::set<std::string> others;
  std::string cases;
  const auto take = [&](const std::vector<base::Flag>& flags) {
    for (const base::Flag& flag : flags) {
      if (flag.value_name.empty()) continue;
      const Texts values = ValuesOf(flag.value_name);
      if (!values.empty()) {
        cases += Case("--" + flag.name, absl::StrCat(Offer(shell, values), "; return"));
      } else {
        (flag.value_name == "FILE" ? files : others).insert("--" + flag.name);
      }
    }
  };
  take(GlobalFlags());
  for (const CommandUsage& command : Commands()) take(command.flags);
  cases += Case(absl::StrJoin(files, "|"), absl::StrCat(shell.offer_files, "; return"));
  return cases + Case(absl::StrJoin(others, "|"), "return");
}

// Returns the cases where a command, a word or a flag may stand.
std::string WordCases(const Shell& shell) {
  const Texts global = Dashed(GlobalFlags());
  Texts first = CommandNames();
  first.insert(first.end(), global.begin(), global.end());
  std::string cases = Case("''", Offer(shell, first));
  for (const CommandUsage& command : Commands()) {
    Texts words = command.choices;
    for (const Texts& flags : {Dashed(command.flags), global}) {
      words.insert(words.end(), flags.begin(), flags.end());
    }
    cases += Case(command.name, Offer(shell, words));
  }
  return cases;
}

}  // namespace

std::string BashCompletion() {
  const Shell shell{"mapfile -t COMPREPLY < <(compgen -W '", "' -- \"$word\")",
                    "mapfile -t COMPREPLY < <(compgen -f -- \"$word\")"};
  return absl::StrCat(
      "# Completes callbridge in bash. Printed by: callbridge completion bash\n"
      "_callbridge() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} command='' i\n"
      "  COMPREPLY=()\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    case ${COMP_WORDS[i]} in\n      ",
      absl::StrJoin(CommandNames(), "|"),
      ") command=${COMP_WORDS[i]}; break ;;\n"
      "    esac\n"
      "  done\n"
      "  case ${COMP_WORDS[COMP_CWORD-1]} in\n",
      ValueCases(shell),
      "  esac\n"
      "  case $command in\n",
      WordCases(shell),
      "  esac\n"
      "}\n"
      "complete -F _callbridge callbridge\n");
}

std::string ZshCompletion() {
  const Shell shell{"compadd -- ", "", "_files"};
  return absl::StrCat(
      "#compdef callbridge\n"
      "# Completes callbridge in zsh. Printed by: callbridge completion zsh\n"
      "_callbridge() {\n"
      "  local command='' i\n"
      "  for ((i = 2; i < CURRENT; i++)); do\n"
      "    case ${words[i]} in\n      ",
      absl::StrJoin(CommandNames(), "|"),
      ") command=${words[i]}; break ;;\n"
      "    esac\n"
      "  done\n"
      "  case ${words[CURRENT-1]} in\n",
      ValueCases(shell),
      "  esac\n"
      "  case $command in\n",
      WordCases(shell),
      "  esac\n"
      "}\n"
      "_callbridge \"$@\"\n");
}

}  // namespace callbridge::cli
