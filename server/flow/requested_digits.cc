#include "server/flow/requested_digits.h"

#include <vector>

#include "server/base/limits.h"
#include "server/flow/legs.h"
#include "server/flow/retry.h"

namespace callbridge::flow {
namespace {

using v1::DigitsSent;

bool AreWanted(Orders& orders, const Command& command) {
  const Leg* leg = FindLeg(orders, command.leg_id());
  return leg != nullptr && IsJoined(*leg) && !orders.session().has_outcome();
}

void Tell(Orders& orders, const Command& command, DigitsSent::Result result,
          const CommandResult* answer) {
  SessionEvent& event = orders.Emit(SessionEvent::DETAIL_NORMAL);
  DigitsSent& sent = *event.mutable_digits_sent();
  sent.set_leg_id(command.leg_id());
  sent.set_request_id(command.send_digits().request_id());
  sent.set_result(result);
  if (answer != nullptr && answer->has_error()) *sent.mutable_provider_error() = answer->error();
}

DigitsSent::Result ResultOf(const CommandResult& result) {
  switch (result.verdict()) {
    case CommandResult::VERDICT_DONE:
      return DigitsSent::RESULT_SENT;
    case CommandResult::VERDICT_UNKNOWN:
      return DigitsSent::RESULT_UNKNOWN;
    default:
      return DigitsSent::RESULT_FAILED;
  }
}

}  // namespace

void SendDigits(Orders& orders, const Leg& leg, const internal::v1::RequestDigits& request) {
  Command command;
  command.set_leg_id(leg.leg_id());
  command.set_base_url(leg.base_url());
  command.set_dial(leg.dial());
  *command.mutable_not_after_time() = base::ToTimestamp(orders.now() + base::kDigitsWait);
  command.mutable_send_digits()->set_call_id(leg.call_id());
  command.mutable_send_digits()->set_digits(request.digits());
  command.mutable_send_digits()->set_request_id(request.request_id());
  orders.Issue(command);
}

void OnSendDigitsResult(Orders& orders, OpenCommand& open, const CommandResult& result) {
  const Command command = open.command();
  if (IsCertainFailure(result) && AreWanted(orders, command)) {
    return RetryCertainFailure(orders, open, result);
  }
  orders.Close(command.number());
  Tell(orders, command, ResultOf(result), &result);
}

void OnSendDigitsExpired(Orders& orders, const Command& command) {
  Tell(orders, command, DigitsSent::RESULT_FAILED, nullptr);
}

void SettleDigits(Orders& orders) {
  std::vector<Command> dropped;
  for (const OpenCommand& open : orders.session().open_commands()) {
    const bool pending = open.status() == Command::STATUS_PENDING;
    if (!open.command().has_send_digits() || !pending) continue;
    if (!AreWanted(orders, open.command())) dropped.push_back(open.command());
  }
  for (const Command& command : dropped) {
    orders.Cancel(command.number());
    Tell(orders, command, DigitsSent::RESULT_FAILED, nullptr);
  }
}

}  // namespace callbridge::flow
