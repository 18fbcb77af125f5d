#include "tests/fuzz/flow_ledger.h"

#include <chrono>
#include <set>

#include "server/base/check.h"

namespace callbridge::fuzz {
namespace {

using base::Check;
using internal::v1::Command;
using internal::v1::OpenCommand;

// What a request may take as a whole (docs/flow.md §6): then its fate is unknown.
constexpr std::chrono::seconds kRequestTimeout{8};

}  // namespace

void FlowLedger::Apply(const internal::v1::Transition& transition) {
  std::set<std::int32_t> issued;
  for (const internal::v1::Command& command : transition.commands()) {
    Check(issued.insert(command.number()).second, "a step issues a command once");
    Check(command.action_case() != internal::v1::Command::ACTION_NOT_SET,
          "a command has an action");
    const auto known = rows_.find(command.number());
    if (known == rows_.end()) {
      const std::int32_t last = rows_.empty() ? 0 : rows_.rbegin()->first;
      Check(command.number() == last + 1, "numbers of commands are gapless");
      Check(command.attempt() == 1, "the first attempt is number 1");
    } else {
      Check(known->second.place == Place::kSettled,
            "a further attempt waits for the end of the one before it");
      Check(command.attempt() == known->second.command.attempt() + 1, "attempts rise by one");
    }
    rows_[command.number()] = Row{command};
  }
  for (const std::int32_t number : transition.cancelled_commands()) {
    const auto row = rows_.find(number);
    Check(row != rows_.end() && row->second.place == Place::kPending,
          "only what is pending is cancelled");
    row->second.place = Place::kCancelled;
  }
}

void FlowLedger::Take(std::int32_t number, base::Time now) {
  Row& row = rows_.at(number);
  Check(row.place == Place::kPending, "only what is pending is taken");
  row.place = Place::kInFlight;
  row.taken = now;
}

void FlowLedger::Settle(std::int32_t number) {
  Row& row = rows_.at(number);
  Check(row.place == Place::kInFlight, "only what is in flight has a result");
  row.place = Place::kSettled;
}

std::vector<std::int32_t> FlowLedger::In(Place place) const {
  std::vector<std::int32_t> numbers;
  for (const auto& [number, row] : rows_) {
    if (row.place == place) numbers.push_back(number);
  }
  return numbers;
}

std::int32_t FlowLedger::FirstOverdue(base::Time now) const {
  for (const auto& [number, row] : rows_) {
    if (row.place == Place::kInFlight && now >= row.taken + kRequestTimeout) return number;
  }
  return 0;
}

void FlowLedger::CheckAgainst(const internal::v1::Session& session) const {
  std::set<std::int32_t> open;
  for (const OpenCommand& command : session.open_commands()) {
    const std::int32_t number = command.command().number();
    Check(open.insert(number).second, "a command is open once");
    const auto row = rows_.find(number);
    Check(row != rows_.end() && row->second.command.attempt() == command.command().attempt(),
          "an open command stands in the ledger");
    const Place place = command.status() == Command::STATUS_PENDING     ? Place::kPending
                        : command.status() == Command::STATUS_IN_FLIGHT ? Place::kInFlight
                                                                        : Place::kSettled;
    Check(row->second.place == place, "session and ledger agree on where a command is");
  }
  for (const auto& [number, row] : rows_) {
    const bool may_act = row.place == Place::kPending || row.place == Place::kInFlight;
    Check(!may_act || open.contains(number), "the session knows of every command that may act");
  }
}

}  // namespace callbridge::fuzz
