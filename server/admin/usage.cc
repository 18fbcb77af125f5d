#include "server/admin/usage.h"

#include <absl/strings/str_format.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <utility>

#include "server/live/scripts.h"

namespace callbridge::admin {
namespace {

constexpr char kExitStatuses[] = R"(Exit status:
   0  all is as it should be
   1  setup left something for you to decide, or doctor found something
   2  the settings, the network or the provider did not let all be done or checked
  64  the command line is wrong
)";

// One line for each script of doctor --live.
std::string ListScripts() {
  std::string text;
  for (const live::Script& script : live::Scripts()) {
    text += absl::StrFormat("  %-17s  %s, %s\n", script.name,
                            script.calls > 0                         ? "1 call"
                            : script.person == live::Person::kNobody ? "no call"
                                                                     : "you call",
                            script.purpose);
  }
  return text;
}

std::vector<CommandUsage> MakeCommands() {
  return {
      {"setup",
       "",
       "",
       "prepare the provider's account as the settings say",
       "Makes the calls configuration, the security setting, the notification profile and the\n"
       "subscription, and leads the numbers of the routes to the configuration. A second run\n"
       "changes nothing. What somebody else made, or changed by hand, is left and told.\n"
       "Accounts with applications (setup.flavour) get an application instead.\n",
       R"(  callbridge-admin setup --config settings.yaml --dry-run
  callbridge-admin setup --config settings.yaml
  callbridge-admin setup --config settings.yaml --remove
)",
       {{"dry-run", "", "show the requests, with secrets masked, and change nothing"},
        {"remove", "", "take away what setup made, and nothing else"},
        {"overwrite", "", "also change or remove what somebody else made or changed by hand"}}},
      {"audio",
       "upload|list|delete",
       "[FILE|ID]",
       "upload sounds to the account, list and delete them",
       "upload FILE  checks a WAV or MP3 file, sends it, and prints the entry of audio_files by "
       "which\n"
       "             plans name it\n"
       "list         shows all files of the account, when they expire, and which plans use them\n"
       "delete ID    removes a file without asking; one that is gone already is no error\n"
       "The provider deletes a file that was not used for 90 days.\n",
       R"(  callbridge-admin audio upload hold.mp3 --config settings.yaml
  callbridge-admin audio list --config settings.yaml --json | jq -r '.files[].id'
  callbridge-admin audio delete 0c1f4e9a-6a52-4c0e-9d56-0f5cf8a9a1b7 --config settings.yaml
)",
       {{"json", "", "of list: one JSON object in a line instead of text"}}},
      {"recording",
       "list|get|delete",
       "[ID [FILE]]",
       "list what the provider recorded, fetch the files, delete them",
       "list         shows all recordings of the account, the newest first, with their files\n"
       "get ID FILE  fetches a recorded file; if it is cut, the same command goes on where it was\n"
       "delete ID    removes a recorded file for ever, without asking\n"
       "The files stay at the provider, until it removes them. callbridge recordings shows which\n"
       "of them belong to which session.\n",
       R"(  callbridge-admin recording list --config settings.yaml
  callbridge-admin recording get 0c1f4e9a-6a52-4c0e-9d56-0f5cf8a9a1b7 call.wav --config settings.yaml
  callbridge-admin recording delete 0c1f4e9a-6a52-4c0e-9d56-0f5cf8a9a1b7 --config settings.yaml
)",
       {{"json", "", "of list: one JSON object in a line instead of text"}}},
      {"doctor",
       "",
       "",
       "say what keeps calls from being bridged, and what mends it",
       "Looks at the key and its scopes, everything that setup makes, the sounds that plans name,\n"
       "the clock, the ingress by its public URL, the disk, the store's file, and what a running\n"
       "server counted and did not use. It changes nothing. The ingress is sent two requests that\n"
       "it must refuse, so its log shows them. Run it where the server runs.\n"
       "With --live it calls a telephone of yours, a dozen times, to answer by measurement what "
       "no\n"
       "documentation says. It asks first, listens at webhook.listen in the place of the ingress,\n"
       "and hangs up every call, also on Ctrl-C; a second Ctrl-C ends it at once, without that.\n"
       "It proposes settings, and writes what was sent and received into the folder, without\n"
       "numbers, ids, names and secrets; infobip-simulator --replay plays it again. Its "
       "scripts:\n" +
           ListScripts(),
       R"(  callbridge-admin doctor --config settings.yaml
  callbridge-admin doctor --config settings.yaml --json | jq -r '.findings[].mend'
  callbridge-admin doctor --live --to +447700900123 --record transcripts --config settings.yaml
)",
       {{"json", "", "one JSON object in a line instead of text"},
        {"live", "", "call the telephone of --to, and measure"},
        {"to", "NUMBER", "the telephone that is called, one of your own"},
        {"record", "DIR", "the folder of the transcripts; it is made if it does not exist"},
        {"only", "NAME,...", "play these scripts only (default: all)"},
        {"yes", "", "call without asking"}}},
      {"completion",
       "bash|zsh",
       "",
       "print a script that completes commands and flags in a shell",
       "",
       "  source <(callbridge-admin completion bash)\n"
       "  callbridge-admin completion zsh > ~/.zfunc/_callbridge-admin   # a folder of $fpath\n",
       {}},
  };
}

// The command with its words.
std::string Written(const CommandUsage& command) {
  std::string written = command.name;
  if (!command.word.empty()) written += " " + command.word;
  if (!command.operand.empty()) written += " " + command.operand;
  return written;
}

}  // namespace

const std::vector<base::Flag>& GlobalFlags() {
  static const auto* const flags = new std::vector<base::Flag>{
      {"config", "FILE", "the settings file; relative paths start at the current directory"},
      {"account", "NAME", "the account among the settings' accounts (default: default)"},
      {"show-numbers", "", "show whole telephone numbers"},
      {"version", "", "print the version"},
      {"help", "", "show this text; after a command, the text about it"},
  };
  return *flags;
}

const std::vector<CommandUsage>& Commands() {
  static const auto* const commands = new std::vector<CommandUsage>(MakeCommands());
  return *commands;
}

const CommandUsage* FindCommand(std::string_view name) {
  const auto found = std::ranges::find(Commands(), name, &CommandUsage::name);
  return found == Commands().end() ? nullptr : &*found;
}

base::CompletedProgram Completed() {
  base::CompletedProgram program{"callbridge-admin", GlobalFlags(), {}, [](std::string_view) {
                                   return std::vector<std::string>();
                                 }};
  for (const CommandUsage& command : Commands()) {
    base::CompletedCommand completed{command.name, command.flags};
    if (!command.word.empty()) completed.choices = absl::StrSplit(command.word, '|');
    program.commands.push_back(std::move(completed));
  }
  return program;
}

std::string UsageText() {
  std::string text =
      "callbridge-admin: prepares an account at the provider, keeps its sounds, fetches its "
      "recordings, and says what is wrong with it\n\n"
      "Usage: callbridge-admin COMMAND --config FILE [flags]\n\nCommands:\n";
  for (const CommandUsage& command : Commands()) {
    text += absl::StrFormat("  %-34s  %s\n", Written(command), command.summary);
  }
  text += "\nFlags of every command:\n" + base::DescribeFlags(GlobalFlags()) + "\n" + kExitStatuses;
  text += "\nExamples:\n";
  for (const CommandUsage& command : Commands()) {
    text += command.examples.substr(0, command.examples.find('\n') + 1);
  }
  return text + "\ncallbridge-admin COMMAND --help shows more.\n";
}

std::string UsageText(const CommandUsage& command) {
  std::string text = absl::StrFormat("callbridge-admin %s: %s\n\nUsage: callbridge-admin %s%s\n",
                                     command.name, command.summary, Written(command),
                                     command.flags.empty() ? "" : " --config FILE [flags]");
  if (!command.description.empty()) text += "\n" + command.description;
  if (!command.flags.empty()) {
    text += "\nFlags:\n" + base::DescribeFlags(command.flags) + "\nFlags of every command:\n" +
            base::DescribeFlags(GlobalFlags());
  }
  return text + "\n" + kExitStatuses + "\nExamples:\n" + command.examples;
}

}  // namespace callbridge::admin
