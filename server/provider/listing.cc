#include "server/provider/listing.h"

#include <algorithm>
#include <utility>

#include "server/base/limits.h"
#include "server/provider/command_result.h"
#include "server/provider/look_request.h"

namespace callbridge::provider {

using internal::v1::Command;
using internal::v1::CommandResult;

void Listing::Start(Setup setup, Transport& transport, const base::Clock& clock,
                    Survey::Done done) {
  const std::shared_ptr<Listing> listing(
      new Listing(std::move(setup), transport, clock, std::move(done)));
  transport.Post([listing] { listing->Begin(); });
}

Listing::Listing(Setup setup, Transport& transport, const base::Clock& clock, Survey::Done done)
    : setup_(std::move(setup)), transport_(transport), clock_(clock), done_(std::move(done)) {}

void Listing::Begin() {
  begun_at_ = clock_.Now();
  // Both lists are counted before the first begins, so that the first does not end the listing.
  open_lists_ = 2;
  ReadCalls(0);
  ReadConferences(0);
}

void Listing::Get(HttpRequest request, std::function<void(const HttpAnswer&)> on_answer) {
  const base::Duration left = setup_.timeout - (clock_.Now() - begun_at_);
  if (left <= base::Duration::zero()) return on_answer(LateAnswer());
  Outgoing outgoing = setup_.outgoing;
  outgoing.request = std::move(request);
  outgoing.timeout = std::min(outgoing.timeout, left);
  transport_.Submit(std::move(outgoing),
                    [self = shared_from_this(), on_answer = std::move(on_answer)](
                        const HttpAnswer& answer) { on_answer(answer); });
}

void Listing::ReadCalls(int page) {
  Get(ListLiveCalls(setup_.configuration, page), [this, page](const HttpAnswer& answer) {
    if (TakePage(answer, page, DecodeCallPage, *result_.mutable_calls())) ReadCalls(page + 1);
  });
}

void Listing::ReadConferences(int page) {
  Get(ListLiveConferences(setup_.configuration, page), [this, page](const HttpAnswer& answer) {
    if (TakePage(answer, page, DecodeConferencePage, *result_.mutable_conferences())) {
      ReadConferences(page + 1);
    }
  });
}

template <typename Facts>
bool Listing::TakePage(const HttpAnswer& answer, int page,
                       absl::StatusOr<Page<Facts>> (*decode)(std::string_view, int),
                       google::protobuf::RepeatedPtrField<Facts>& found) {
  if (!IsAnswered(answer, kOk)) {
    Fail(FailedLook(Command(), answer));
    return false;
  }
  absl::StatusOr<Page<Facts>> decoded = decode(answer.body, page);
  if (!decoded.ok()) {
    Fail(UnreadableLook(Command(), answer, decoded.status()));
    return false;
  }
  something_read_ = true;
  complete_ = complete_ && decoded->whole;
  for (Facts& facts : decoded->results) *found.Add() = std::move(facts);
  if (decoded->more && page + 1 < base::kLookupPagesMax) return true;
  complete_ = complete_ && !decoded->more;
  EndList();
  return false;
}

void Listing::Fail(CommandResult failure) {
  complete_ = false;
  failures_.push_back(std::move(failure));
  EndList();
}

void Listing::EndList() {
  if (--open_lists_ > 0) return;
  if (something_read_) {
    result_.set_verdict(CommandResult::VERDICT_DONE);
    result_.set_http_status(kOk);
    result_.set_complete(complete_);
  } else {
    result_ = CombineFailedLooks(std::move(failures_));
  }
  const base::Duration took = clock_.Now() - begun_at_;
  if (took > base::Duration::zero()) *result_.mutable_took() = base::ToProtoDuration(took);
  done_(std::move(result_));
}

}  // namespace callbridge::provider
