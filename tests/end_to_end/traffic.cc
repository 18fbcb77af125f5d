#include "tests/end_to_end/traffic.h"

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <functional>
#include <utility>

#include "callbridge/error_details.h"
#include "tests/end_to_end/observers.h"
#include "tests/history/history.h"

namespace callbridge::end_to_end {
namespace {

using std::chrono::milliseconds;

// Simulated seconds of the people; the simulator divides them by its speed.
constexpr double kTalkLeast = 20;
constexpr double kTalkMost = 70;
// Nobody stays longer in a call that nobody answers.
constexpr double kStrangerPatience = 60;
constexpr milliseconds kAskAgain{200};
constexpr milliseconds kBeforeEnd{1'500};
constexpr char kTalkingCallee[] = "+447700900456";
constexpr char kBusyCaller[] = "+447700900201";

v1::StartBridgeRequest MakeRequest(const std::string& request_id, const std::string& callee) {
  v1::StartBridgeRequest request;
  request.set_request_id(request_id);
  request.mutable_caller()->mutable_dial()->mutable_phone()->set_number(kCaller);
  request.add_callees()->mutable_endpoint()->mutable_phone()->set_number(callee);
  request.mutable_plan()->mutable_ring_timeout()->set_seconds(4);
  (*request.mutable_labels())[Traffic::kLabel] = "yes";
  return request;
}

// True: asking again may bring another answer.
bool IsTransient(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status) || absl::IsCancelled(status) || absl::IsUnknown(status);
}

}  // namespace

const std::vector<Traffic::Kind>& Traffic::AllKinds() {
  static const auto& kinds = *new std::vector<Kind>{
      Kind::kAnswered, Kind::kClickToCall, Kind::kUnanswered,     Kind::kOfferTaken,
      Kind::kBusy,     Kind::kCallerBusy,  Kind::kEndedByProgram, Kind::kOfferLeft,
      Kind::kStranger, Kind::kCalleeSilent};
  return kinds;
}

const std::vector<Traffic::Kind>& Traffic::ProgramsOnly() {
  static const auto& kinds =
      *new std::vector<Kind>{Kind::kClickToCall, Kind::kCalleeSilent, Kind::kCallerBusy};
  return kinds;
}

void Traffic::SetPeople(const SimulatedProvider& provider) {
  provider.SetPeople({{"*56", "answers:5,hangs-up:50"}});
}

Traffic::Traffic(System& system, Options options) : system_(system), options_(std::move(options)) {
  std::mt19937_64 random(options_.seed);
  for (int i = 0; i < options_.bridges; ++i) {
    const Kind kind =
        options_.kinds.at((options_.seed + static_cast<std::size_t>(i)) % options_.kinds.size());
    const double talk = std::uniform_real_distribution<double>(kTalkLeast, kTalkMost)(random);
    threads_.emplace_back(
        [this, i, kind, talk](const std::stop_token& stop) { Act(stop, i, kind, talk); });
  }
}

// The threads are asked to stop and joined by their own destructors.
Traffic::~Traffic() {
  for (std::jthread& thread : threads_) thread.request_stop();
}

void Traffic::AwaitStarted() {
  for (std::jthread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Traffic::MoveInto(history::History& history) {
  absl::MutexLock lock(&mutex_);
  const auto move = [](auto& from, auto& to) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    from.clear();
  };
  move(answers_.starts, history.starts);
  move(answers_.looks, history.looks);
  move(answers_.ends, history.ends);
}

bool Traffic::Wait(const std::stop_token& stop, milliseconds time) {
  absl::MutexLock lock(&mutex_);
  const auto stopped = [&] { return stop.stop_requested(); };
  mutex_.AwaitWithTimeout(absl::Condition(&stopped), absl::FromChrono(time));
  return !stop.stop_requested();
}

void Traffic::Act(const std::stop_token& stop, int index, Kind kind, double talk) {
  if (!Wait(stop, index * options_.apart)) return;
  const std::string request_id = absl::StrCat(options_.name, "-", index);
  switch (kind) {
    case Kind::kAnswered:
      return Call(kAnsweredDid, talk);
    case Kind::kUnanswered:
      return Call(kUnansweredDid, kStrangerPatience);
    case Kind::kBusy:
      return Call(kBusyDid, kStrangerPatience);
    case Kind::kOfferLeft:
      return Call(kOfferedDid, kStrangerPatience);
    case Kind::kStranger:
      return Call(kUnroutedDid, kStrangerPatience);
    case Kind::kOfferTaken:
      return TakeOffer(stop, request_id, talk);
    case Kind::kClickToCall: {
      const v1::StartBridgeRequest request = MakeRequest(request_id, kTalkingCallee);
      Start(stop, request);
      // Repeated as a program would that is not sure; the second answer must be the first one's.
      Start(stop, request);
      return;
    }
    case Kind::kCallerBusy: {
      v1::StartBridgeRequest request = MakeRequest(request_id, kTalkingCallee);
      request.mutable_caller()->mutable_dial()->mutable_phone()->set_number(kBusyCaller);
      Start(stop, request);
      return;
    }
    case Kind::kCalleeSilent:
      Start(stop, MakeRequest(request_id, kSilentCallee));
      return;
    case Kind::kEndedByProgram: {
      const std::string session_id = Start(stop, MakeRequest(request_id, kTalkingCallee));
      if (!session_id.empty() && Wait(stop, kBeforeEnd)) End(stop, session_id);
      return;
    }
  }
}

void Traffic::Call(const char* did, double talk) {
  system_.provider().StartCall(kCaller, did, talk);
}

void Traffic::TakeOffer(const std::stop_token& stop, const std::string& request_id, double talk) {
  const std::string call = system_.provider().StartCall(kCaller, kOfferedDid, talk);
  v1::ListSessionsRequest find;
  find.set_call_id(call);
  const base::Time end = Now() + options_.patience;
  std::string session_id;
  while (session_id.empty() && Now() < end) {
    const auto found = system_.client().ListSessions(find);
    if (found.ok() && !found->sessions().empty()) session_id = found->sessions(0).session_id();
    if (session_id.empty() && !Wait(stop, kAskAgain)) return;
  }
  // Nobody heard of the call: its first webhook was lost.
  if (session_id.empty()) return;
  v1::StartBridgeRequest request = MakeRequest(request_id, kTalkingCallee);
  request.mutable_caller()->set_offered_session_id(session_id);
  Start(stop, request);
}

std::string Traffic::Start(const std::stop_token& stop, const v1::StartBridgeRequest& request) {
  history::StartAnswer answer;
  answer.asked = Now();
  answer.request_id = request.request_id();
  const base::Time end = answer.asked + options_.patience;
  absl::StatusOr<v1::StartBridgeResponse> response;
  do {
    response = system_.client().StartBridge(request);
  } while (!response.ok() && IsTransient(response.status()) && Now() < end &&
           Wait(stop, kAskAgain));
  answer.answered = Now();
  answer.accepted = response.ok();
  if (response.ok()) answer.session_id = response->session().session_id();
  // An accepted session is there at once.
  std::vector<history::SessionLook> looks;
  if (response.ok()) looks.push_back(LookAt(system_.stub(), answer.session_id, 0));
  absl::MutexLock lock(&mutex_);
  answers_.starts.push_back(answer);
  for (history::SessionLook& look : looks) answers_.looks.push_back(std::move(look));
  return answer.session_id;
}

void Traffic::End(const std::stop_token& stop, const std::string& session_id) {
  history::EndAnswer answer;
  answer.asked = Now();
  answer.session_id = session_id;
  const base::Time end = answer.asked + options_.patience;
  absl::StatusOr<v1::Session> response;
  do {
    response = system_.client().EndSession(session_id, "enough");
  } while (!response.ok() && IsTransient(response.status()) && Now() < end &&
           Wait(stop, kAskAgain));
  answer.answered = Now();
  answer.accepted = response.ok();
  absl::MutexLock lock(&mutex_);
  answers_.ends.push_back(answer);
}

}  // namespace callbridge::end_to_end
