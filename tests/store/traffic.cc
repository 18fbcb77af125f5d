#include "tests/store/traffic.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <optional>
#include <utility>

#include "server/flow/step.h"
#include "server/provider/pace.h"
#include "server/provider/provider.h"
#include "tests/flow/samples.h"

namespace callbridge::store {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::InboxItem;
using internal::v1::ProviderEvent;

// More than any session needs; a worker that finds no rest would hang the test.
constexpr int kWorkMax = 30;

// Everything may leave at once.
class NoPace final : public provider::Pace {
 public:
  std::optional<base::Time> TryTake(const Command&, base::Time) override { return std::nullopt; }
  void GiveBack(const Command&) override {}
  void Observe(const Command&, const CommandResult&, base::Time) override {}
};

std::string CallIdOf(const Command& command) {
  return absl::StrCat("call-", command.session_id(), "-", command.number());
}

}  // namespace

// Every incoming call has the same route.
class Traffic::Calls final : public inbox::IncomingCalls {
 public:
  std::optional<internal::v1::IncomingCall> Arrange(const ProviderEvent&) const override {
    return flow::RoutedCall();
  }
};

// Keeps what it is to send until it is told to answer.
class Traffic::Provider final : public provider::Provider {
 public:
  explicit Provider(const Witness& witness) : witness_(witness) {}

  void Send(const Command& command, base::Time, Done done) override {
    witness_(
        absl::StrCat("sent ", command.session_id(), " ", command.number(), " ", command.attempt()));
    open_.emplace_back(command, std::move(done));
  }

  bool idle() const { return open_.empty(); }

  // Answers one of them. The id of the call that came of it, or nothing.
  std::string Answer(std::uint64_t which, CommandResult::Verdict verdict) {
    const auto open = open_.begin() + static_cast<std::ptrdiff_t>(which % open_.size());
    const auto [command, done] = std::move(*open);
    open_.erase(open);
    CommandResult result;
    result.set_number(command.number());
    result.set_attempt(command.attempt());
    result.set_verdict(verdict);
    std::string call_id;
    if (verdict == CommandResult::VERDICT_DONE && command.has_dial_leg()) {
      call_id = CallIdOf(command);
      result.add_calls()->set_call_id(call_id);
    }
    if (verdict == CommandResult::VERDICT_DONE && command.has_create_conference()) {
      result.add_conferences()->set_conference_id(
          absl::StrCat("conference-", command.session_id()));
    }
    done(result);
    return call_id;
  }

 private:
  const Witness& witness_;
  std::vector<std::pair<Command, Done>> open_;
};

Traffic::Traffic(Store& store, const std::string& name, std::uint64_t seed, base::Time start,
                 Witness witness)
    : name_(name),
      witness_(std::move(witness)),
      random_(seed),
      clock_(start),
      inbox_(store, witness_),
      work_(store, witness_),
      ledger_(store, witness_),
      calls_(std::make_unique<Calls>()),
      intake_({"test", "bridge-test"}, store::Roles<Inbox, Sessions>(inbox_, store), *calls_),
      provider_(std::make_unique<Provider>(witness_)),
      pace_(std::make_unique<NoPace>()),
      worker_(worker::WorkerStore(inbox_, work_, ledger_, store), *provider_, *pace_, clock_,
              flow::Step) {}

Traffic::~Traffic() = default;

void Traffic::Run(int rounds, int answers) {
  for (int round = 0; round < rounds; ++round) {
    round % 2 == 0 ? Request() : ReceiveCall();
    Work();
    for (int answer = 0; answer < answers; ++answer) {
      if (!provider_->idle()) {
        constexpr CommandResult::Verdict kVerdicts[] = {
            CommandResult::VERDICT_DONE,     CommandResult::VERDICT_DONE,
            CommandResult::VERDICT_DONE,     CommandResult::VERDICT_UNKNOWN,
            CommandResult::VERDICT_NOT_SENT, CommandResult::VERDICT_REFUSED};
        const std::string call_id =
            provider_->Answer(Draw(1000), kVerdicts[Draw(std::size(kVerdicts))]);
        if (!call_id.empty()) call_ids_.push_back(call_id);
      }
      Draw(8) == 0 ? ReceiveGarbage() : ReceiveSomething();
      Work();
    }
    clock_.Advance(std::chrono::milliseconds(700));
  }
}

bool Traffic::Succeeded(const absl::Status& status) {
  if (!status.ok()) failures_.push_back(status);
  return status.ok();
}

void Traffic::Request() {
  NewInput input;
  input.session_id = absl::StrCat("s_", name_, "_request_", sessions_.size());
  input.creates_session_id = input.session_id;
  input.request_id = absl::StrCat(name_, "-request-", sessions_.size());
  input.request_digest = "digest";
  *input.input.mutable_start_bridge() = flow::ClickToCall();
  input.input.mutable_start_bridge()->set_request_id(input.request_id);
  if (Succeeded(inbox_.AppendInputs({input}, clock_.Now()).status())) {
    sessions_.push_back(input.session_id);
  }
}

void Traffic::Receive(ProviderEvent event) {
  InboxItem item;
  // Sixteen bytes, which the stored event carries too.
  const std::string key =
      absl::StrFormat("%s-%0*d", name_, 15 - static_cast<int>(name_.size()), ++webhooks_);
  event.set_type_name(key);
  *event.mutable_occur_time() = base::ToTimestamp(clock_.Now());
  item.set_dedupe_key(key);
  *item.mutable_event() = std::move(event);
  held_.push_back(item);
  // Now and then what was taken comes again.
  if (Draw(5) == 0) held_.push_back(item);
  Deliver();
}

// What was not taken is held, and comes again.
void Traffic::Deliver() {
  while (!held_.empty()) {
    if (!Succeeded(intake_.Append({held_.front()}, clock_.Now()))) return;
    witness_("webhook " + held_.front().dedupe_key());
    held_.pop_front();
  }
}

void Traffic::ReceiveCall() {
  ProviderEvent event = flow::RoutedCall().event();
  call_ids_.push_back(absl::StrCat("call-", name_, "-", call_ids_.size()));
  event.set_call_id(call_ids_.back());
  *event.mutable_call()->mutable_start_time() = base::ToTimestamp(clock_.Now());
  Receive(std::move(event));
}

void Traffic::ReceiveSomething() {
  constexpr ProviderEvent::Type kTypes[] = {
      ProviderEvent::TYPE_CALL_RINGING, ProviderEvent::TYPE_CALL_ESTABLISHED,
      ProviderEvent::TYPE_CALL_ESTABLISHED, ProviderEvent::TYPE_SAY_FINISHED,
      ProviderEvent::TYPE_CALL_FINISHED};
  ProviderEvent event;
  event.set_type(kTypes[Draw(std::size(kTypes))]);
  // Now and then a call that nobody knows: parked.
  event.set_call_id(call_ids_.empty() || Draw(6) == 0 ? absl::StrCat("call-of-nobody-", webhooks_)
                                                      : call_ids_[Draw(call_ids_.size())]);
  Receive(std::move(event));
}

void Traffic::ReceiveGarbage() {
  InboxItem item;
  item.mutable_quarantined()->set_error("no JSON");
  item.mutable_quarantined()->set_body("{");
  Succeeded(intake_.Append({item}, clock_.Now()));
}

void Traffic::Work() {
  for (int round = 0; round < kWorkMax; ++round) {
    const auto next = worker_.RunOnce();
    if (!Succeeded(next.status()) || *next > clock_.Now()) return;
  }
}

}  // namespace callbridge::store
