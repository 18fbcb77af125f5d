#include "tests/simulator/naive_bridge.h"

#include <gtest/gtest.h>

#include <chrono>

namespace callbridge::simulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Long enough for every prompt here.
constexpr base::Duration kPrompt = seconds(10);

}  // namespace

NaiveBridge::NaiveBridge(ModelDriver& driver, std::string callee_number)
    : driver_(driver), callee_number_(std::move(callee_number)) {
  driver_.on_event = [this](const Delivery& event) { OnEvent(event); };
}

void NaiveBridge::Run(base::Duration limit, std::optional<base::Duration> caller_hangs_up) {
  Enter(Phase::kAnswering, seconds(5));
  IncomingCall incoming{std::string(kCaller), std::string(kDid), caller_hangs_up, ""};
  caller_ = driver_.model().StartIncomingCall(incoming, driver_.now());
  const base::Time end = driver_.now() + limit;
  while (driver_.now() < end) {
    driver_.Run(milliseconds(100));
    if (driver_.now() >= deadline_) OnDeadline();
  }
}

void NaiveBridge::Enter(Phase phase, base::Duration limit) {
  phase_ = phase;
  deadline_ = driver_.now() + limit;
}

void NaiveBridge::OnEvent(const Delivery& event) {
  const bool of_caller = event.call_id == caller_;
  if (event.type == "CALL_RECEIVED" && phase_ == Phase::kAnswering) {
    driver_.Post("/calls/1/calls/" + event.call_id + "/answer",
                 R"({"customData":{"leg":"caller"}})");
    conference_ = driver_.Conference();
    Enter(Phase::kJoining, seconds(5));
    return AddCaller();
  }
  if (phase_ == Phase::kEnding) return;
  if (of_caller && event.type == "CALL_ESTABLISHED" && phase_ == Phase::kJoining) AddCaller();
  if (of_caller && event.type == "PARTICIPANT_JOINED" && phase_ == Phase::kJoining) Greet();
  if (of_caller && (event.type == "CALL_FINISHED" || event.type == "CALL_FAILED")) return End();
  if (of_caller && event.type == "SAY_FINISHED") {
    if (phase_ == Phase::kGreeting) return DialCallee();
    if (phase_ == Phase::kTelling) return OnDeadline();
  }
  if (of_caller && event.type == "PLAY_FINISHED" && phase_ == Phase::kStopping) return Tell();
  if (of_caller || event.call_id.empty() || event.call_id != callee_) return;
  if (phase_ == Phase::kRinging) {
    if (event.type == "PARTICIPANT_JOINED") StopMusic(true);
    if (event.type == "CALL_FAILED" || event.type == "PARTICIPANT_JOIN_FAILED") StopMusic(false);
  } else if (event.type == "CALL_FINISHED") {
    End();
  }
}

void NaiveBridge::OnDeadline() {
  switch (phase_) {
    case Phase::kAnswering:
    case Phase::kJoining:
      return End();
    case Phase::kGreeting:
      return DialCallee();
    case Phase::kRinging:
      return StopMusic(false);
    case Phase::kStopping:
      return Tell();
    case Phase::kTelling:
      if (!reached_) return End();
      return Enter(Phase::kTalking, seconds(60));
    case Phase::kTalking:
      return End();
    case Phase::kEnding:
      // Whoever the conference's hangup missed.
      for (const std::string& call : {caller_, callee_}) {
        if (!call.empty()) driver_.Post("/calls/1/calls/" + call + "/hangup", "{}");
      }
      deadline_ = base::Time::max();
  }
}

void NaiveBridge::AddCaller() {
  driver_.Send("PUT", "/calls/1/conferences/" + conference_ + "/call/" + caller_);
}

void NaiveBridge::Say(const std::string& text) {
  driver_.Post("/calls/1/calls/" + caller_ + "/say",
               R"({"text":")" + text + R"(","language":"en"})");
}

void NaiveBridge::Greet() {
  Enter(Phase::kGreeting, kPrompt);
  Say("We connect you.");
}

void NaiveBridge::DialCallee() {
  Enter(Phase::kRinging, seconds(40));
  driver_.Post(
      "/calls/1/calls/" + caller_ + "/play",
      R"({"content":{"type":"URL","fileUrl":"http://127.0.0.1/music.wav"},"loopCount":99})");
  callee_ = driver_.Dial(conference_, callee_number_, 20);
}

void NaiveBridge::StopMusic(bool reached) {
  reached_ = reached;
  Enter(Phase::kStopping, milliseconds(1'500));
  // On both: which one counts is not known.
  driver_.Post("/calls/1/calls/" + caller_ + "/stop-play", "{}");
  driver_.Post("/calls/1/conferences/" + conference_ + "/stop-play");
}

void NaiveBridge::Tell() {
  Enter(Phase::kTelling, kPrompt);
  Say(reached_ ? "Here they are." : "Nobody is there.");
}

void NaiveBridge::End() {
  Enter(Phase::kEnding, seconds(3));
  driver_.Post("/calls/1/conferences/" + conference_ + "/hangup");
}

}  // namespace callbridge::simulator
