// Whatever the provider, or a proxy before it, may answer to a command or to a look: nothing
// crashes, a positive answer never becomes "certainly not done", what could not be read is not
// taken for an absence, and no text keeps a number or grows.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/base/check.h"
#include "server/base/clock.h"
#include "server/base/limits.h"
#include "server/provider/answer_decoding.h"
#include "server/provider/command_result.h"
#include "server/provider/error_decoding.h"
#include "server/provider/look.h"
#include "tests/fuzz/byte_reader.h"
#include "tests/fuzz/masked.h"

namespace callbridge::fuzz {
namespace {

using base::Check;
using internal::v1::Command;
using internal::v1::CommandResult;
using provider::HttpAnswer;

constexpr std::array kStatuses = {200, 201, 0,   204, 301, 400, 401, 403, 404,
                                  409, 429, 499, 500, 502, 503, 599, 100};
constexpr std::array kCodes = {
    CURLE_OK,         CURLE_OK,         CURLE_OK, CURLE_OPERATION_TIMEDOUT, CURLE_COULDNT_CONNECT,
    CURLE_RECV_ERROR, CURLE_WRITE_ERROR};
// A name is a word of the provider's, the description one of its sentences.
constexpr std::size_t kNameBytesMax = base::kProviderErrorBytesMax;

HttpAnswer MakeAnswer(ByteReader& bytes, std::string body) {
  HttpAnswer answer;
  answer.http_status = kStatuses[bytes.Below(kStatuses.size())];
  answer.code = kCodes[bytes.Below(kCodes.size())];
  answer.request_left = bytes.Flip() || answer.http_status != 0;
  if (bytes.Flip())
    answer.retry_after = std::chrono::seconds(static_cast<std::int32_t>(bytes.Number()));
  answer.body = std::move(body);
  return answer;
}

void CheckError(const v1::ProviderError& error) {
  Check(error.description().size() <= base::kProviderErrorBytesMax &&
            error.name().size() <= kNameBytesMax,
        "the provider's words are cut");
  CheckMasked(error.description());
  CheckMasked(error.name());
}

void CheckResult(const CommandResult& result) {
  CommandResult stored;
  Check(stored.ParseFromString(result.SerializeAsString()), "a result can be stored");
  CheckError(result.error());
  const base::Duration wait = base::FromProtoDuration(result.retry_after());
  Check(wait >= base::Duration::zero() && wait <= base::kRetryAfterMax, "a wait is bounded");
  for (const auto& call : result.calls()) {
    Check(!call.call_id().empty(), "a call has an id");
    CheckError(call.error());
  }
  for (const auto& conference : result.conferences()) {
    Check(!conference.conference_id().empty(), "a conference has an id");
    CheckError(conference.error());
  }
}

Command MakeCommand(std::size_t kind) {
  Command command;
  command.set_number(7);
  command.set_attempt(2);
  command.set_session_id("s_1");
  switch (kind) {
    case 0:
      command.mutable_dial_leg();
      break;
    case 1:
      command.mutable_create_conference();
      break;
    case 2:
      command.mutable_hang_up_call();
      break;
    case 3:
      command.mutable_add_caller();
      break;
    case 4:
      command.mutable_play_prompt();
      break;
    default:
      command.mutable_answer_call();
      break;
  }
  return command;
}

void RunCommand(ByteReader& bytes) {
  const Command command = MakeCommand(bytes.Below(6));
  const HttpAnswer answer = MakeAnswer(bytes, "");
  HttpAnswer full = answer;
  full.body = bytes.Rest();
  const CommandResult result = provider::ResultOf(command, full);
  CheckResult(result);
  Check(result.number() == 7 && result.attempt() == 2, "a result is of its command");
  const bool positive = full.http_status / 100 == 2;
  const bool certainly_not = result.verdict() == CommandResult::VERDICT_NOT_SENT ||
                             result.verdict() == CommandResult::VERDICT_THROTTLED;
  Check(!(certainly_not || result.verdict() == CommandResult::VERDICT_REFUSED) || !positive ||
            !(command.has_dial_leg() || command.has_create_conference()),
        "what may have made a call was not certainly not done");
  Check(!certainly_not || full.http_status == 429 || !full.request_left,
        "what has left is not certainly not done");
  Check(!command.has_dial_leg() || result.verdict() != CommandResult::VERDICT_DONE ||
            result.calls_size() == 1,
        "a dial is done when its call is known");
  Check(result.SerializeAsString() == provider::ResultOf(command, full).SerializeAsString(),
        "an answer is read the same twice");
}

// Answers requests with what the fuzzer wrote, one after the other; then with 404 for ever.
class ScriptedTransport final : public provider::Transport {
 public:
  explicit ScriptedTransport(std::deque<HttpAnswer> answers) : answers_(std::move(answers)) {}

  void Submit(provider::Outgoing, provider::Transfer::Done done) override {
    HttpAnswer answer;
    answer.request_left = true;
    answer.http_status = 404;
    if (!answers_.empty()) {
      answer = std::move(answers_.front());
      // The last answer stays: a provider that says "more pages" for ever.
      if (answers_.size() > 1) {
        answers_.pop_front();
      } else {
        answers_.front() = answer;
      }
    }
    ++requests_;
    all_read_ = all_read_ && answer.code == CURLE_OK && answer.http_status == 200;
    Post([done = std::move(done), answer = std::move(answer)] { done(answer); });
  }
  void Post(std::function<void()> closure) override { closures_.push_back(std::move(closure)); }

  void Run() {
    while (!closures_.empty()) {
      const std::function<void()> next = std::move(closures_.front());
      closures_.pop_front();
      next();
    }
  }
  int requests() const { return requests_; }
  bool all_read() const { return all_read_; }

 private:
  std::deque<HttpAnswer> answers_;
  std::deque<std::function<void()>> closures_;
  int requests_ = 0;
  bool all_read_ = true;
};

Command MakeLook(std::size_t kind) {
  Command command;
  command.set_number(7);
  command.set_attempt(1);
  command.set_session_id("s_1");
  switch (kind) {
    case 0:
      command.mutable_find_dial()->set_conference_id("conf-1");
      break;
    case 1:
      command.mutable_find_conference()->set_name("bridge/s_1");
      break;
    case 2:
      command.mutable_look_at_conference()->set_conference_id("conf-1");
      break;
    default:
      command.mutable_look_at_call()->set_call_id("call-1");
      break;
  }
  return command;
}

void RunLook(ByteReader& bytes) {
  const Command command = MakeLook(bytes.Below(4));
  std::deque<HttpAnswer> answers;
  for (std::size_t count = 1 + bytes.Below(4); count > 1; --count) {
    HttpAnswer answer = MakeAnswer(bytes, "");
    answer.body = bytes.Text(4 * bytes.Below(256));
    answers.push_back(std::move(answer));
  }
  HttpAnswer last = MakeAnswer(bytes, "");
  last.body = bytes.Rest();
  answers.push_back(std::move(last));

  ScriptedTransport transport(std::move(answers));
  const base::ManualClock clock{std::chrono::sys_days{std::chrono::January / 15 / 2026}};
  provider::Look::Setup setup;
  setup.service_id = "bridge";
  setup.configuration.id = "bridge-prod";
  setup.timeout = std::chrono::seconds(8);
  std::vector<CommandResult> results;
  provider::Look::Start(command, std::move(setup), transport, clock,
                        [&results](CommandResult result) { results.push_back(std::move(result)); });
  transport.Run();
  Check(results.size() == 1, "a look ends once");
  const CommandResult& result = results.front();
  CheckResult(result);
  Check(transport.requests() <= 2 * base::kLookupPagesMax + 1, "a look is bounded");
  Check(result.verdict() != CommandResult::VERDICT_REFUSED,
        "a look that was refused simply failed");
  Check(!result.complete() || result.verdict() == CommandResult::VERDICT_DONE,
        "what failed is not complete");
  const bool lists = command.has_find_dial() || command.has_find_conference();
  Check(!lists || !result.complete() || transport.all_read() || command.has_find_dial(),
        "a list is complete when every page of it was read");
}

void RunDecoding(ByteReader& bytes) {
  const std::string body = bytes.Rest();
  CheckError(provider::DecodeError(body));
  for (const auto& decode : {provider::DecodeConference, provider::DecodeConferenceLog}) {
    const auto conference = decode(body);
    if (conference.ok()) CheckError(conference->error());
  }
  const auto page = provider::DecodeCallPage(body, 0);
  if (page.ok()) {
    Check(page->results.size() <= body.size(), "a page holds what its body holds");
  }
}

}  // namespace
}  // namespace callbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  callbridge::fuzz::ByteReader bytes(data, size);
  switch (bytes.Below(3)) {
    case 0:
      callbridge::fuzz::RunCommand(bytes);
      break;
    case 1:
      callbridge::fuzz::RunLook(bytes);
      break;
    default:
      callbridge::fuzz::RunDecoding(bytes);
      break;
  }
  return 0;
}
