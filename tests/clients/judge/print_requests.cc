// Prints every request that server/provider can make, one JSON object a line with name, method,
// target and body, for tests/clients/judge/our_requests_test.py. With languages as arguments it
// prints a say in each of them instead.
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

#include "server/provider/account_options.h"
#include "server/provider/commands.h"
#include "server/provider/json_writer.h"
#include "server/provider/look_request.h"
#include "tests/provider/all_commands.h"

namespace {

using callbridge::internal::v1::Command;
using callbridge::provider::AccountOptions;
using callbridge::provider::HttpRequest;
using callbridge::provider::Source;
using callbridge::provider::StopPlayScope;

void Print(std::string_view name, const HttpRequest& request) {
  callbridge::provider::JsonWriter writer;
  writer.Text("name", name);
  writer.Text("method", NameOf(request.method));
  writer.Text("target", request.target);
  writer.Text("body", request.body);
  std::cout << std::move(writer).Take() << "\n";
}

// Returns whether the command could be written.
bool PrintCommand(const std::string& name, const Command& command, const AccountOptions& account) {
  const auto requests = callbridge::provider::EncodeCommand(command, account, "bridge");
  if (!requests.ok()) {
    std::cerr << name << ": " << requests.status() << "\n";
    return false;
  }
  for (const HttpRequest& request : *requests) Print(name, request);
  return true;
}

bool PrintSay(const std::string& language, const AccountOptions& account) {
  Command command = callbridge::provider::SayCommand();
  command.mutable_play_prompt()->mutable_prompt()->mutable_voice()->set_language(language);
  return PrintCommand(language, command, account);
}

void PrintLooks(const AccountOptions& account) {
  namespace provider = callbridge::provider;
  const provider::CallsConfiguration& configuration = account.configuration;
  const callbridge::internal::v1::FindDial dial = provider::FindDialCommand().find_dial();
  for (const Source source : {Source::kLive, Source::kHistory}) {
    Print("look at a call", provider::GetCall("aaaa", source));
    Print("look at a conference", provider::GetConference("cccc", source));
    Print("look for a dial", provider::ListCalls(dial, configuration, source, 1));
  }
  Print("list the live calls", provider::ListLiveCalls(configuration, 0));
  Print("list the live conferences", provider::ListLiveConferences(configuration, 0));
  Print("look for a conference", provider::ListConferences("bridge/s_1", configuration, 0));
}

}  // namespace

int main(int count, char** values) {
  AccountOptions account;
  account.configuration.id = "bridge-demo";
  account.stop_play_scope = StopPlayScope::kBoth;
  bool written = true;
  for (int index = 1; index < count; ++index) written &= PrintSay(values[index], account);
  if (count == 1) {
    for (const auto& [name, command] : callbridge::provider::AllCommands()) {
      written &= PrintCommand(name, command, account);
    }
    PrintLooks(account);
  }
  return written ? EXIT_SUCCESS : EXIT_FAILURE;
}
