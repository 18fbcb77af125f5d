#include "client/cli/usage.h"

#include <absl/strings/str_format.h>

#include <algorithm>

namespace callbridge::cli {
namespace {

using base::Flag;

constexpr char kInboxMeaning[] =
    "of the inbox (default: CALLBRIDGE_INBOX, or 127.0.0.1:50052 beside the default server)";

constexpr char kExitStatuses[] = R"(Exit status:
   0  done; with --wait or --exit-status: the bridge was COMPLETED
   1  something unexpected
   2  the command line is wrong
   3  the server refused the request
   4  no such session
   5  the server is away or overloaded; try again
  10  CALLEE_UNREACHED       13  REJECTED
  11  CALLER_UNREACHED       14  CANCELLED
  12  CALLER_ABANDONED       15  FAILED
 130  interrupted by Ctrl-C; the bridge goes on
)";

CommandUsage StartUsage() {
  return {
      "start",
      "",
      "bridge two people",
      "An endpoint is a number (+442079460000), sip:USER@TRUNK or webrtc:IDENTITY. An empty\n"
      "text means silence; a text that is not given comes from the plan. The same --request-id\n"
      "never dials twice: repeat a request that failed with the id that it printed.\n",
      R"(  callbridge start --caller +442079460000 --callee +447700900456 --wait
  callbridge start --offer s_01JD... --callee +447700900456 --label team=support
  callbridge start --caller +442079460000 --callee sip:bob@trunk1 --greeting "Please hold."
)",
      {
          {"caller", "ENDPOINT", "the person who is called first"},
          {"offer", "ID", "bridge the incoming call of this offered session instead"},
          {"callee", "ENDPOINT", "the person who is called second", true},
          {"caller-sees", "NUMBER", "the number that the caller's telephone shows"},
          {"callee-sees", "NUMBER", "the number that the callee's telephone shows"},
          {"request-id", "X", "name of this request (default: made up and printed)"},
          {"plan", "NAME", "plan of the server's settings"},
          {"greeting", "TEXT", "said to the caller first"},
          {"announcement", "TEXT", "said to the caller when the callee has joined"},
          {"apology", "TEXT", "said to the caller when no callee could be reached"},
          {"language", "CODE", "of the voice, like en or pt-br"},
          {"voice", "NAME", "of the voice, like Joanna"},
          {"music-url", "URL", "wav or mp3 that the provider can reach"},
          {"music-file", "ID", "file uploaded to the provider"},
          {"music-name", "NAME", "uploaded file, by its name in the server's settings"},
          {"music-duration", "DURATION", "how long the music is, like 95s"},
          {"no-music", "", "silence while the callee rings"},
          {"ring", "DURATION", "how long the callee rings, like 30s"},
          {"max-duration", "DURATION", "how long they may talk, like 2h"},
          {"record", "MODE", "record it: conference (one file) or legs (one for each person)"},
          {"record-from", "MOMENT", "connected (default), joined, or requested (by record)"},
          {"beep", "", "with --record legs: each person hears a beep"},
          {"notice", "TEXT", "said to each person before the recording"},
          {"refusing-key", "KEY", "who presses it after the notice refuses to be recorded"},
          {"refusal", "WHAT", "unrecorded (default): the bridge goes on; end: it ends"},
          {"refusal-timeout", "DURATION", "time for the key after the notice, like 3s"},
          {"label", "KEY=VALUE", "for finding and filtering", true},
          {"validate-only", "", "check everything, but call no person"},
          {"wait", "", "watch until the end; the exit status tells the outcome"},
      }};
}

CommandUsage ListUsage() {
  return {
      "list",
      "",
      "sessions, newest first",
      "",
      R"(  callbridge list
  callbridge list --state RINGING --state CONNECTED --label team=support
  callbridge list --result CALLEE_UNREACHED --limit 100 --json
)",
      {
          {"state", "STATE", "only in this state, like RINGING", true},
          {"result", "RESULT", "only with this outcome, like COMPLETED", true},
          {"label", "KEY=VALUE", "only with this label", true},
          {"number", "NUMBER", "only with this telephone number on any side, like +447700900123"},
          {"since", "TIME", "only created since then: 2h, or 2026-01-15T12:00:00Z"},
          {"until", "TIME", "only created before then"},
          {"call-id", "ID", "only with a leg of this id at the provider"},
          {"request-id", "X", "only the one started with this request"},
          {"with-issues", "", "only those that need a person's attention"},
          {"limit", "N", "up to this many (default: 20)"},
      }};
}

CommandUsage WatchUsage() {
  return {
      "watch",
      "[ID]",
      "show one session, or all, as a story while it happens",
      "With an ID it shows the session from its beginning to its end. Without one it shows all\n"
      "sessions from now on; each line begins with the last six characters of a session's id.\n"
      "After a dropped connection it resumes at the last event.\n",
      R"(  callbridge watch s_01JD...
  callbridge watch --label team=support
  callbridge watch --from-beginning --json
)",
      {
          {"all", "", "all sessions (the default without ID)"},
          {"label", "KEY=VALUE", "of all sessions only those with this label", true},
          {"from-beginning", "", "of all sessions: first the stored events, then new ones"},
          {"diagnostic", "", "also the messages between the service and the provider"},
          {"exit-status", "", "with ID: the exit status tells the outcome"},
      }};
}

// A flag of requests that change a session.
Flag RequestId() { return {"request-id", "X", "name of this request (default: made up)"}; }

Flag ValidateOnly() { return {"validate-only", "", "check everything, but change nothing"}; }

CommandUsage SayUsage() {
  return {"say",
          "ID TEXT",
          "say a text to one person or to all who are in the conference",
          "A person hears one sound at a time, so the text waits for its turn; music gives way to\n"
          "it. The command returns when the wish is stored; watch tells how it went.\n"
          "The same --request-id says nothing twice.\n",
          "  callbridge say s_01JD... \"Five minutes are left.\"\n"
          "  callbridge say X52RH0 --leg caller \"One more minute, please.\"\n",
          {{"leg", "LEG", "the leg: caller, callee-1 (default: all who have joined)", true},
           {"language", "CODE", "of the voice, like en or pt-br (default: the plan's voice)"},
           {"voice", "NAME", "of the voice, like Joanna"},
           RequestId(),
           ValidateOnly()}};
}

CommandUsage PlayUsage() {
  return {
      "play",
      "ID",
      "play a recording to one person or to all who are in the conference",
      "It waits for its turn as say does. Without --duration the recording counts as 30s long,\n"
      "unless the settings know the --name and how long its file is.\n",
      "  callbridge play s_01JD... --url https://example.com/chime.wav --duration 2s\n"
      "  callbridge play X52RH0 --leg callee-1 --file 17c0...\n",
      {{"leg", "LEG", "the leg: caller, callee-1 (default: all who have joined)", true},
       {"url", "URL", "wav or mp3 that the provider can reach"},
       {"file", "ID", "file uploaded to the provider"},
       {"name", "NAME", "uploaded file, by its name in the server's settings"},
       {"duration", "DURATION", "how long the recording is, like 2s"},
       RequestId(),
       ValidateOnly()}};
}

CommandUsage StopSoundsUsage() {
  return {
      "stop-sounds",
      "ID",
      "end what say, play and capture began, and drop what waits",
      "Prompts of the plan and music go on.\n",
      "  callbridge stop-sounds s_01JD...\n  callbridge stop-sounds X52RH0 --leg caller\n",
      {{"leg", "LEG", "the leg: caller, callee-1 (default: all)"}, RequestId(), ValidateOnly()}};
}

CommandUsage DigitsUsage() {
  return {"digits",
          "ID KEYS",
          "send keys on the call of one person, as if they were pressed",
          "KEYS are 1 to 32 of 0-9, A-D, * and #. They are never sent twice.\n",
          "  callbridge digits s_01JD... --leg callee-1 1#\n",
          {{"leg", "LEG", "the leg: caller, callee-1; callbridge get shows them"},
           RequestId(),
           ValidateOnly()}};
}

CommandUsage CaptureUsage() {
  return {"capture",
          "ID",
          "capture the keys that one person presses",
          "It waits for its turn as say does. Watch tells how many keys were pressed; which ones\n"
          "only if the plan sets keep_digits, and with --show-numbers.\n",
          "  callbridge capture s_01JD... --leg caller --length 4 --say \"Your code, please.\"\n"
          "  callbridge capture X52RH0 --leg callee-1 --length 1 --first-timeout 5s\n",
          {{"leg", "LEG", "the leg: caller, callee-1; callbridge get shows them"},
           {"length", "N", "how many keys end it, up to 64"},
           {"terminator", "KEY", "the key that ends it earlier"},
           {"first-timeout", "DURATION", "time for the first key (default: 10s)"},
           {"digit-timeout", "DURATION", "time for each further key (default: as the first)"},
           {"say", "TEXT", "said while keys can be pressed"},
           {"language", "CODE", "of the voice, like en or pt-br (default: the plan's voice)"},
           {"voice", "NAME", "of the voice, like Joanna"},
           RequestId(),
           ValidateOnly()}};
}

CommandUsage RecordUsage() {
  return {"record",
          "ID start|stop",
          "record a session, or stop",
          "Without --mode it is recorded as its plan says, or else as one conference. The command\n"
          "returns when the wish is stored; watch tells when the provider has done it.\n"
          "The same --request-id changes nothing twice.\n",
          "  callbridge record s_01JD... start\n"
          "  callbridge record X52RH0 start --mode legs --beep\n"
          "  callbridge record X52RH0 stop\n",
          {{"mode", "conference|legs", "one file of all, or a file for each person"},
           {"beep", "", "with --mode legs: each person hears a beep"},
           RequestId(),
           ValidateOnly()}};
}

CommandUsage RecordingsUsage() {
  return {"recordings",
          "[ID]",
          "what was recorded, newest first",
          "The files are at the provider. Each line names their ids.\n",
          "  callbridge recordings\n  callbridge recordings s_01JD... --json\n",
          {{"limit", "N", "up to this many (default: 20)"}}};
}

std::vector<CommandUsage> MakeCommands() {
  return {
      StartUsage(),
      {"get",
       "ID",
       "one session as it is now",
       "",
       "  callbridge get s_01JD...\n  callbridge get X52RH0 --json\n",
       {}},
      ListUsage(),
      WatchUsage(),
      {"end",
       "ID",
       "end a bridge, or decline an offered call",
       "Ending a session that has ended is no error.\n",
       "  callbridge end s_01JD... --reason \"agent went home\"\n",
       {{"reason", "TEXT", "the reason, for the record"}}},
      {"update",
       "ID",
       "mute, unmute, deafen or undeafen a person",
       "The command returns when the wish is stored; watch tells when the provider has done it.\n"
       "The same --request-id changes nothing twice.\n",
       "  callbridge update s_01JD... --leg callee-1 --muted yes\n"
       "  callbridge update X52RH0 --leg caller --muted no --deafened no\n",
       {{"leg", "LEG", "the leg: caller, callee-1; callbridge get shows them"},
        {"muted", "yes|no", "yes: the others do not hear this person"},
        {"deafened", "yes|no", "yes: this person does not hear the others"},
        RequestId(),
        ValidateOnly()}},
      SayUsage(),
      PlayUsage(),
      StopSoundsUsage(),
      DigitsUsage(),
      CaptureUsage(),
      RecordUsage(),
      RecordingsUsage(),
      {"quarantine",
       "[replay|dismiss ID...]",
       "webhooks that were authentic and could not be read",
       "Shows them, newest first. The word replay lets this version of the server read them "
       "again,\n"
       "and dismiss drops them. The command asks the server's inbox, which has an address of its\n"
       "own that only the ingress and operators reach.\n"
       "Bodies hold personal data: digits are masked without --show-numbers.\n",
       "  callbridge quarantine\n  callbridge quarantine --inbox unix:/run/callbridge/inbox.sock "
       "--show-numbers\n  callbridge quarantine replay --all\n  callbridge quarantine dismiss 17 "
       "18\n",
       {{"inbox", "ADDRESS", kInboxMeaning},
        {"all", "", "with replay and dismiss: all of them"},
        {"limit", "N", "up to this many, newest first (default: 100)"}},
       {"replay", "dismiss"}},
      {"status",
       "",
       "what the server is doing, how full it is, and what it counted",
       "The command asks the server's inbox, which has an address of its own that only the "
       "ingress\n"
       "and operators reach.\n",
       "  callbridge status\n  callbridge status --json | jq -r '.counters[] | .name + \" \" + "
       ".value'\n",
       {{"inbox", "ADDRESS", kInboxMeaning}}},
      {"completion",
       "bash|zsh",
       "print a script that completes commands and flags in a shell",
       "",
       "  source <(callbridge completion bash)\n"
       "  callbridge completion zsh > ~/.zfunc/_callbridge   # a folder of $fpath\n",
       {},
       {"bash", "zsh"}},
  };
}

}  // namespace

const std::vector<Flag>& GlobalFlags() {
  static const auto* const flags = new std::vector<Flag>{
      {"server", "ADDRESS",
       "host:port or unix:PATH (default: $CALLBRIDGE_SERVER, else 127.0.0.1:50051)"},
      {"ca", "FILE", "TLS: certificate of the server's authority (PEM)"},
      {"cert", "FILE", "TLS: our certificate (PEM)"},
      {"key", "FILE", "TLS: our key (PEM)"},
      {"json", "", "one JSON object in a line instead of text"},
      {"show-numbers", "", "show whole telephone numbers"},
      {"timeout", "DURATION",
       "time for a request, and for the first message of a stream (default: 10s)"},
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
  const auto found =
      std::find_if(Commands().begin(), Commands().end(),
                   [&](const CommandUsage& command) { return command.name == name; });
  return found == Commands().end() ? nullptr : &*found;
}

std::string UsageText() {
  std::string text =
      "callbridge: bridges two people and shows how it goes\n\n"
      "Usage: callbridge COMMAND [flags]\n\nCommands:\n";
  for (const CommandUsage& command : Commands()) {
    text += absl::StrFormat("  %-22s  %s\n", command.name + " " + command.words, command.summary);
  }
  text += "\nFlags of every command:\n" + base::DescribeFlags(GlobalFlags()) + "\n" + kExitStatuses;
  text += "\nExamples:\n";
  for (const CommandUsage& command : Commands()) {
    text += command.examples.substr(0, command.examples.find('\n') + 1);
  }
  text += "\nAn ID may be cut to its last six characters or more, as watch shows it.\n";
  return text + "\ncallbridge COMMAND --help shows more.\n";
}

std::string UsageText(const CommandUsage& command) {
  std::string text = absl::StrFormat("callbridge %s: %s\n\nUsage: callbridge %s%s%s [flags]\n",
                                     command.name, command.summary, command.name,
                                     command.words.empty() ? "" : " ", command.words);
  if (!command.description.empty()) text += "\n" + command.description;
  if (!command.flags.empty()) text += "\nFlags:\n" + base::DescribeFlags(command.flags);
  text += "\nFlags of every command:\n" + base::DescribeFlags(GlobalFlags());
  return text + "\n" + kExitStatuses + "\nExamples:\n" + command.examples;
}

}  // namespace callbridge::cli
