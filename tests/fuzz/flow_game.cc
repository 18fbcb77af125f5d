#include "tests/fuzz/flow_game.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "server/base/check.h"
#include "server/flow/public_view.h"
#include "server/flow/step.h"
#include "tests/fuzz/byte_reader.h"
#include "tests/fuzz/flow_inputs.h"
#include "tests/fuzz/flow_ledger.h"
#include "tests/fuzz/flow_recordings.h"
#include "tests/fuzz/flow_requests.h"
#include "tests/fuzz/flow_rules.h"
#include "tests/fuzz/flow_sounds.h"
#include "tests/fuzz/spoil.h"

namespace callbridge::fuzz {
namespace {

using base::Check;
using internal::v1::CommandResult;
using internal::v1::Input;
using internal::v1::Session;
using internal::v1::Transition;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kStepsMax = 300;
// Offer, caller's ring, prompts, callee's ring, the talk of two minutes, 150 s (invariant 1), and
// waits for what is in flight.
constexpr minutes kLongestSilence{10};
constexpr int kSilentStepsMax = 3'000;

class Game {
 public:
  Game(const std::uint8_t* data, std::size_t size, FlowWatch watch)
      : watch_(std::move(watch)), bytes_(data, size) {
    session_.set_session_id(kSessionId);
  }

  void Play() {
    const bool to_the_end = bytes_.Flip();
    Step(MakeBeginning(bytes_));
    for (int i = 0; i < kStepsMax && !bytes_.empty(); ++i) PlayOne();
    if (to_the_end) PlaySilence();
    // What clients see can be made of every session.
    Check(flow::PublicView(session_).session_id() == kSessionId, "a session can be shown");
  }

 private:
  void Step(Input input) {
    *input.mutable_step_time() = base::ToTimestamp(now_);
    if (!input.has_receive_time()) *input.mutable_receive_time() = base::ToTimestamp(now_);
    const Transition transition = flow::Step(session_, input);
    if (watch_) watch_(now_, input, transition);
    ledger_.Apply(transition);
    CheckTransition(session_, input, transition, ledger_);
    wake_.reset();
    if (transition.has_wake_time()) wake_ = base::FromTimestamp(transition.wake_time());
    session_ = transition.session();
  }

  void PlayOne() {
    switch (bytes_.Below(16)) {
      case 3:
        return Take(Choose(Place::kPending));
      case 4:
        return Answer(Choose(Place::kInFlight));
      case 5:
        return Deliver(bytes_.Byte(), true);
      case 6:
        return Deliver(bytes_.Byte(), false);
      case 7:
        return Step(MakeEvent(bytes_, session_, ledger_));
      case 8:
        return Step(bytes_.Flip() ? MakeRecordingEvent(bytes_, session_)
                                  : MakeSoundEvent(bytes_, session_));
      case 9:
        return Wait(wake_.has_value() ? *wake_ - now_ : seconds(1));
      case 10:
        return Wait(milliseconds(50 * bytes_.Byte()));
      case 11:
        // Nobody steps the session meanwhile: its worker has stopped.
        now_ += milliseconds(250 * bytes_.Byte());
        return SettleOverdue();
      case 12:
        return Request();
      case 13: {
        Input event = MakeEvent(bytes_, session_, ledger_);
        Spoil(bytes_, event);
        return StepLate(std::move(event));
      }
      case 14:
        return AnswerOddly(Choose(Place::kInFlight));
      default:
        return GoOn();
    }
  }

  // What happens when all goes well: what was promised, else what was asked for, else time passes.
  void GoOn() {
    if (!promised_.empty()) return Deliver(0, true);
    if (const auto pending = ledger_.In(Place::kPending); !pending.empty()) {
      return Take(pending.front());
    }
    if (const auto flying = ledger_.In(Place::kInFlight); !flying.empty()) {
      const internal::v1::Command command = ledger_.row(flying.front()).command;
      ledger_.Settle(flying.front());
      Step(MakeAnswer(command));
      for (Input& input : MakeConsequences(session_, command))
        promised_.push_back(std::move(input));
      return;
    }
    Wait(wake_.has_value() ? *wake_ - now_ : seconds(1));
  }

  // 0 if there is none.
  std::int32_t Choose(Place place) {
    const auto numbers = ledger_.In(place);
    return numbers.empty() ? 0 : numbers[bytes_.Below(numbers.size())];
  }

  void Take(std::int32_t number) {
    if (number == 0) return GoOn();
    ledger_.Take(number, now_);
    Input input;
    input.mutable_command_taken()->set_number(number);
    input.mutable_command_taken()->set_attempt(ledger_.row(number).command.attempt());
    Step(std::move(input));
  }

  void Answer(std::int32_t number) {
    if (number == 0) return GoOn();
    ledger_.Settle(number);
    Step(MakeOtherAnswer(bytes_, ledger_.row(number).command));
  }

  void AnswerOddly(std::int32_t number) {
    if (number == 0) return GoOn();
    ledger_.Settle(number);
    Input input = MakeOtherAnswer(bytes_, ledger_.row(number).command);
    Spoil(bytes_, input);
    Step(std::move(input));
  }

  // One of the events that were promised comes, and is kept to come again, or is lost.
  void Deliver(std::uint8_t which, bool comes) {
    if (promised_.empty()) return;
    const std::size_t index = which % promised_.size();
    const Input input = promised_[index];
    const bool again = which >= 192;
    if (!again) promised_.erase(promised_.begin() + static_cast<std::ptrdiff_t>(index));
    if (comes) Step(input);
  }

  // It waited for a while before it was stepped.
  void StepLate(Input input) {
    const base::Time received = now_ - milliseconds(100 * bytes_.Byte());
    *input.mutable_receive_time() = base::ToTimestamp(received);
    Step(std::move(input));
  }

  void Request() {
    Input input;
    switch (bytes_.Below(8)) {
      case 2:
        // A list of all calls lacks this one.
        if (session_.legs_size() == 0) return GoOn();
        input.mutable_call_missing()->set_call_id(ChooseCall());
        return Step(std::move(input));
      case 5:
        input.mutable_condemned()->set_reference("fuzz");
        return Step(std::move(input));
      case 6:
        return Step(MakeBeginning(bytes_));
      case 7:
        return Step(std::move(input));
      case 3:
      case 4:
        return Step(MakeStartBridge(bytes_));
      case 1:
        input = bytes_.Flip() ? MakeRequestRecording(bytes_) : MakeLegRequest(bytes_, session_);
        return Step(std::move(input));
      default:
        input.mutable_end_session()->set_reason("enough");
        return Step(std::move(input));
    }
  }

  // The call of one of the legs that clients see.
  std::string ChooseCall() {
    const v1::Session view = flow::PublicView(session_);
    const auto legs = static_cast<std::size_t>(view.legs_size());
    return view.legs(static_cast<int>(bytes_.Below(legs))).call_id();
  }

  // What is in flight for too long has an unknown fate (invariant 17).
  void SettleOverdue() {
    while (const std::int32_t number = ledger_.FirstOverdue(now_)) SettleAsUnknown(number);
  }

  void SettleAsUnknown(std::int32_t number) {
    ledger_.Settle(number);
    Input input;
    CommandResult& result = *input.mutable_command_result();
    result.set_number(number);
    result.set_attempt(ledger_.row(number).command.attempt());
    result.set_verdict(CommandResult::VERDICT_UNKNOWN);
    Step(std::move(input));
  }

  // Time passes, and the timers that fall due on the way are stepped.
  void Wait(base::Duration duration) {
    const base::Time end = now_ + std::max(duration, base::Duration::zero());
    for (int i = 0; wake_.has_value() && *wake_ <= end; ++i) {
      Check(i < kSilentStepsMax, "a session is not woken for ever at one moment");
      now_ = std::max(now_, *wake_);
      SettleOverdue();
      Input input;
      input.mutable_timer_due();
      Step(std::move(input));
    }
    now_ = end;
    SettleOverdue();
  }

  // Everything is sent and nothing is heard of it.
  void PlaySilence() {
    if (session_.phase_case() == Session::PHASE_NOT_SET) return;
    const base::Time end = now_ + kLongestSilence;
    for (int i = 0; !session_.has_ended(); ++i) {
      Check(i < kSilentStepsMax && now_ < end, "a session comes to its end by itself");
      if (const auto pending = ledger_.In(Place::kPending); !pending.empty()) {
        Take(pending.front());
      } else {
        Wait(wake_.has_value() ? std::max<base::Duration>(*wake_ - now_, milliseconds(1))
                               : seconds(1));
      }
    }
  }

  const FlowWatch watch_;
  ByteReader bytes_;
  Session session_;
  FlowLedger ledger_;
  base::Time now_{std::chrono::sys_days{std::chrono::January / 15 / 2026}};
  std::optional<base::Time> wake_;
  // Events that the provider will tell of what it did.
  std::deque<Input> promised_;
};

}  // namespace

void PlayFlow(const std::uint8_t* data, std::size_t size, FlowWatch watch) {
  Game(data, size, std::move(watch)).Play();
}

}  // namespace callbridge::fuzz
