// A provider for the tests of the sweep: it knows calls and conferences, lists what the test says
// (by itself: all of them), answers at once, and writes down what it is asked.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "server/provider/provider.h"

namespace callbridge::worker {

class ScriptedProvider final : public provider::Provider, public provider::Survey {
 public:
  void List(const std::string& account, Survey::Done done) override {
    asked.push_back("list " + account);
    if (silent) return late.push_back(std::move(done));
    internal::v1::CommandResult result = list;
    if (list.verdict() == internal::v1::CommandResult::VERDICT_UNSPECIFIED) {
      result.set_verdict(internal::v1::CommandResult::VERDICT_DONE);
      result.set_complete(true);
      for (const auto& [id, call] : calls) *result.add_calls() = call;
      for (const auto& [id, conference] : conferences) *result.add_conferences() = conference;
    }
    done(result);
  }

  void Send(const internal::v1::Command& command, base::Time send_by,
            Provider::Done done) override {
    sent.push_back({command, send_by});
    internal::v1::CommandResult result;
    result.set_number(command.number());
    result.set_attempt(command.attempt());
    result.set_verdict(verdict);
    if (command.has_look_at_call()) {
      asked.push_back("look " + command.look_at_call().call_id());
      const auto found = calls.find(command.look_at_call().call_id());
      if (found != calls.end()) *result.add_calls() = found->second;
      result.MergeFrom(more);
    } else if (command.has_look_at_conference()) {
      asked.push_back("look " + command.look_at_conference().conference_id());
      const auto found = conferences.find(command.look_at_conference().conference_id());
      if (found != conferences.end()) *result.add_conferences() = found->second;
      result.MergeFrom(more);
    } else {
      const std::string& id = command.has_hang_up_call()
                                  ? command.hang_up_call().call_id()
                                  : command.hang_up_conference().conference_id();
      EXPECT_FALSE(command.hang_up_call().reject()) << "only unanswered calls are rejected";
      asked.push_back("hang up " + id);
      result.set_verdict(hangup_verdict);
      if (!immortal) calls.erase(id);
      if (!immortal) conferences.erase(id);
    }
    done(result);
  }

  void Add(internal::v1::CallFacts call, base::Time start) {
    *call.mutable_start_time() = base::ToTimestamp(start);
    calls[call.call_id()] = std::move(call);
  }
  void Add(internal::v1::ConferenceFacts conference) {
    conferences[conference.conference_id()] = std::move(conference);
  }
  std::vector<std::string> Asked() { return std::exchange(asked, {}); }

  std::map<std::string, internal::v1::CallFacts> calls;
  std::map<std::string, internal::v1::ConferenceFacts> conferences;
  // Instead of them, if it has a verdict.
  internal::v1::CommandResult list;
  // Of looks, of hangups.
  internal::v1::CommandResult::Verdict verdict = internal::v1::CommandResult::VERDICT_DONE;
  internal::v1::CommandResult::Verdict hangup_verdict = internal::v1::CommandResult::VERDICT_DONE;
  // What every look shows as well.
  internal::v1::CommandResult more;
  // Hangups are accepted and do nothing.
  bool immortal = false;
  // Lists are asked for and never come, or late.
  bool silent = false;
  std::vector<Survey::Done> late;
  std::vector<std::string> asked;
  // All but the lists.
  struct Sent {
    internal::v1::Command command;
    base::Time send_by;
  };
  std::vector<Sent> sent;
};

}  // namespace callbridge::worker
