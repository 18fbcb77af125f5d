#include "server/provider/look.h"

#include <algorithm>
#include <utility>

#include "server/base/limits.h"
#include "server/base/marks.h"
#include "server/provider/answer_decoding.h"
#include "server/provider/command_result.h"

namespace callbridge::provider {
namespace {

using internal::v1::CallFacts;
using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::ConferenceFacts;

constexpr int kNotFound = 404;

}  // namespace

void Look::Start(Command command, Setup setup, Transport& transport, const base::Clock& clock,
                 Provider::Done done) {
  const std::shared_ptr<Look> look(
      new Look(std::move(command), std::move(setup), transport, clock, std::move(done)));
  transport.Post([look] { look->Begin(); });
}

Look::Look(Command command, Setup setup, Transport& transport, const base::Clock& clock,
           Provider::Done done)
    : command_(std::move(command)),
      setup_(std::move(setup)),
      transport_(transport),
      clock_(clock),
      done_(std::move(done)),
      result_(EmptyResult(command_)) {}

void Look::Begin() {
  begun_at_ = clock_.Now();
  // The parts are counted before the first begins. Otherwise a part could end the look before the
  // last has begun.
  open_parts_ = 1;
  switch (command_.action_case()) {
    case Command::kLookAtCall:
      ReadCall(Source::kLive);
      return;
    case Command::kLookAtConference:
      ReadConference(command_.look_at_conference().conference_id(), Source::kLive);
      return;
    case Command::kFindConference:
      ReadConferences(0);
      return;
    case Command::kFindDial: {
      const std::string& conference_id = command_.find_dial().conference_id();
      open_parts_ = conference_id.empty() ? 2 : 3;
      ReadCalls(Source::kLive, 0);
      ReadCalls(Source::kHistory, 0);
      if (!conference_id.empty()) ReadWitness(conference_id);
      return;
    }
    default:
      PartUnreadable(HttpAnswer(), absl::InvalidArgumentError("the command is not a look"));
      return;
  }
}

void Look::Get(HttpRequest request, OnAnswer on_answer) {
  const base::Duration left = setup_.timeout - (clock_.Now() - begun_at_);
  if (left <= base::Duration::zero()) return on_answer(LateAnswer());
  Outgoing outgoing = setup_.outgoing;
  outgoing.request = std::move(request);
  outgoing.timeout = std::min(outgoing.timeout, left);
  // The send-by time holds for the look as a whole. Requests that follow from an answer may leave
  // later.
  if (something_read_ || result_.http_status() != 0) outgoing.send_by.reset();
  transport_.Submit(std::move(outgoing),
                    [self = shared_from_this(), on_answer = std::move(on_answer)](
                        const HttpAnswer& answer) { on_answer(answer); });
}

void Look::ReadCall(Source source) {
  const std::string& call_id = command_.look_at_call().call_id();
  Get(GetCall(call_id, source), [this, source](const HttpAnswer& answer) {
    if (IsAnswered(answer, kNotFound)) {
      result_.set_http_status(kNotFound);
      if (source == Source::kLive) return ReadCall(Source::kHistory);
      return PartRead();
    }
    if (!IsAnswered(answer, kOk)) return PartFailed(answer);
    absl::StatusOr<CallFacts> call = DecodeCall(answer.body);
    if (!call.ok()) return PartUnreadable(answer, call.status());
    result_.set_http_status(kOk);
    const bool unexplained =
        source == Source::kLive && call->state() == CallFacts::STATE_ENDED && !call->has_error();
    AddCall(*std::move(call));
    if (unexplained) return ReadReason();
    PartRead();
  });
}

void Look::ReadReason() {
  Get(GetCall(command_.look_at_call().call_id(), Source::kHistory),
      [this](const HttpAnswer& answer) {
        // The history only adds the reason. If it cannot be read, the look still succeeds, because
        // it is known that the call has ended.
        absl::StatusOr<CallFacts> call = DecodeCall(answer.body);
        if (IsAnswered(answer, kOk) && call.ok()) {
          result_.clear_calls();
          AddCall(*std::move(call));
        }
        PartRead();
      });
}

void Look::ReadConference(const std::string& conference_id, Source source) {
  Get(GetConference(conference_id, source), [this, source](const HttpAnswer& answer) {
    if (IsAnswered(answer, kNotFound)) {
      result_.set_http_status(kNotFound);
      if (source == Source::kHistory) return PartRead();
      return ReadConference(command_.look_at_conference().conference_id(), Source::kHistory);
    }
    if (!IsAnswered(answer, kOk)) return PartFailed(answer);
    absl::StatusOr<ConferenceFacts> conference =
        source == Source::kLive ? DecodeConference(answer.body) : DecodeConferenceLog(answer.body);
    if (!conference.ok()) return PartUnreadable(answer, conference.status());
    result_.set_http_status(kOk);
    *result_.add_conferences() = *std::move(conference);
    PartRead();
  });
}

// Reads the conference as a further source about a dial. If the conference is gone, that is an
// answer, but it does not prove that the lists were read.
void Look::ReadWitness(const std::string& conference_id) {
  Get(GetConference(conference_id, Source::kLive), [this](const HttpAnswer& answer) {
    if (IsAnswered(answer, kNotFound)) return EndPart();
    if (!IsAnswered(answer, kOk)) return PartFailed(answer);
    absl::StatusOr<ConferenceFacts> conference = DecodeConference(answer.body);
    if (!conference.ok()) return PartUnreadable(answer, conference.status());
    *result_.add_conferences() = *std::move(conference);
    PartRead();
  });
}

void Look::ReadCalls(Source source, int page) {
  HttpRequest request = ListCalls(command_.find_dial(), setup_.configuration, source, page);
  Get(std::move(request), [this, source, page](const HttpAnswer& answer) {
    if (!IsAnswered(answer, kOk)) return PartFailed(answer);
    absl::StatusOr<Page<CallFacts>> decoded = DecodeCallPage(answer.body, page);
    if (!decoded.ok()) return PartUnreadable(answer, decoded.status());
    result_.set_http_status(kOk);
    something_read_ = true;
    complete_ = complete_ && decoded->whole;
    for (CallFacts& call : decoded->results) {
      if (IsOurs(call)) AddCall(std::move(call));
    }
    if (!decoded->more) return PartRead();
    if (page + 1 < base::kLookupPagesMax) return ReadCalls(source, page + 1);
    complete_ = false;
    PartRead();
  });
}

void Look::ReadConferences(int page) {
  HttpRequest request =
      ListConferences(command_.find_conference().name(), setup_.configuration, page);
  Get(std::move(request), [this, page](const HttpAnswer& answer) {
    if (!IsAnswered(answer, kOk)) return PartFailed(answer);
    absl::StatusOr<Page<ConferenceFacts>> decoded = DecodeConferencePage(answer.body, page);
    if (!decoded.ok()) return PartUnreadable(answer, decoded.status());
    result_.set_http_status(kOk);
    something_read_ = true;
    complete_ = complete_ && decoded->whole;
    for (ConferenceFacts& conference : decoded->results) {
      // It is not documented whether the provider's filter is exact.
      if (conference.name() != command_.find_conference().name()) continue;
      *result_.add_conferences() = std::move(conference);
    }
    if (!decoded->more) return PartRead();
    if (page + 1 < base::kLookupPagesMax) return ReadConferences(page + 1);
    complete_ = false;
    PartRead();
  });
}

void Look::PartRead() {
  something_read_ = true;
  EndPart();
}

void Look::PartFailed(const HttpAnswer& answer) {
  complete_ = false;
  failures_.push_back(FailedLook(command_, answer));
  EndPart();
}

void Look::PartUnreadable(const HttpAnswer& answer, const absl::Status& reason) {
  complete_ = false;
  failures_.push_back(UnreadableLook(command_, answer, reason));
  EndPart();
}

void Look::EndPart() {
  if (--open_parts_ > 0) return;
  if (something_read_ || failures_.empty()) {
    result_.set_verdict(CommandResult::VERDICT_DONE);
    result_.set_complete(complete_);
  } else {
    result_ = CombineFailedLooks(std::move(failures_));
  }
  const base::Duration took = clock_.Now() - begun_at_;
  if (took > base::Duration::zero()) *result_.mutable_took() = base::ToProtoDuration(took);
  done_(std::move(result_));
}

bool Look::IsOurs(const CallFacts& call) const {
  const base::Marks marks = base::ReadMarks(call.custom_data());
  // The service never touches calls of another deployment on this account.
  if (base::AreForeign(marks, setup_.service_id)) return false;
  return marks.session == command_.session_id();
}

// Adds a call. If it ended between the two lists, both show it, and the entry that says more stays.
void Look::AddCall(CallFacts call) {
  for (CallFacts& known : *result_.mutable_calls()) {
    if (known.call_id() != call.call_id()) continue;
    if (call.state() > known.state()) known = std::move(call);
    return;
  }
  *result_.add_calls() = std::move(call);
}

}  // namespace callbridge::provider
