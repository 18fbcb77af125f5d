#include "server/admin/account_link.h"

#include <absl/strings/str_format.h>
#include <absl/synchronization/notification.h>

#include <utility>

#include "server/base/limits.h"
#include "server/provider/error_decoding.h"
#include "server/provider/verdict.h"

namespace callbridge::admin {
namespace {

using provider::HttpAnswer;
using provider::HttpRequest;
using provider::Method;

constexpr int kTooManyRequests = 429;
constexpr int kTriesMax = 5;
// Numbers take one write in a second, docs/provider.md §8.
constexpr std::chrono::milliseconds kBetweenNumbers{1'100};
constexpr std::chrono::seconds kAfterThrottle{1};
// An upload goes on as long as bytes flow. In an hour 40 MB pass at 12 kB/s.
constexpr std::chrono::hours kUploadTimeout{1};
constexpr std::chrono::seconds kUploadStall{30};

absl::StatusCode CodeOf(int http_status) {
  switch (http_status) {
    case 401:
      return absl::StatusCode::kUnauthenticated;
    case 403:
      return absl::StatusCode::kPermissionDenied;
    case 404:
      return absl::StatusCode::kNotFound;
    case kTooManyRequests:
      return absl::StatusCode::kResourceExhausted;
    default:
      return http_status / 100 == 4 ? absl::StatusCode::kInvalidArgument
                                    : absl::StatusCode::kUnavailable;
  }
}

absl::Status StatusOf(const HttpAnswer& answer) {
  // A refusal counts even if the rest of the answer, or of the request, was lost.
  const bool refused = answer.http_status / 100 == 4;
  if (answer.http_status == 0 || (answer.code != CURLE_OK && !refused)) {
    return absl::UnavailableError("no answer: " + provider::DescribeFailure(answer).description());
  }
  if (answer.http_status / 100 == 2) return absl::OkStatus();
  const callbridge::v1::ProviderError error = provider::DecodeError(answer.body);
  return absl::Status(
      CodeOf(answer.http_status),
      absl::StrFormat("%d %s%s%s", answer.http_status, error.name(),
                      error.description().empty() ? "" : ": ", error.description()));
}

}  // namespace

HttpAnswer SendAndWait(provider::Transport& transport, provider::Outgoing outgoing) {
  HttpAnswer result;
  absl::Notification answered;
  transport.Submit(std::move(outgoing), [&](HttpAnswer answer) {
    result = std::move(answer);
    answered.Notify();
  });
  // The transport ends every request, by its time-out at the latest.
  answered.WaitForNotification();
  return result;
}

HttpAnswer AskStranger(provider::Transport& transport, const base::Url& url, HttpRequest request) {
  provider::Outgoing outgoing;
  outgoing.request = std::move(request);
  outgoing.base_url = url.scheme + "://" + url.Authority();
  outgoing.loopback = base::IsLoopback(url.host);
  outgoing.connect_timeout = base::kProviderConnectTimeout;
  outgoing.timeout = base::kProviderRequestTimeout;
  return SendAndWait(transport, std::move(outgoing));
}

AccountLink::AccountLink(provider::AccountOptions account, provider::BaseUrl base_url,
                         LinkParts parts)
    : account_(std::move(account)), base_url_(std::move(base_url)), parts_(std::move(parts)) {}

absl::StatusOr<AccountLink> AccountLink::Make(provider::AccountOptions account, LinkParts parts) {
  absl::StatusOr<provider::BaseUrl> base_url = provider::ParseBaseUrl(account.base_url);
  if (!base_url.ok()) return base_url.status();
  return AccountLink(std::move(account), *std::move(base_url), std::move(parts));
}

absl::StatusOr<std::string> AccountLink::Send(const HttpRequest& request) {
  WaitForRate(request);
  HttpAnswer answer = SendOnce(request);
  // A 429 was certainly not done, so it is safe to try again.
  for (int tries = 1; answer.http_status == kTooManyRequests && tries < kTriesMax; ++tries) {
    parts_.wait(answer.retry_after.value_or(kAfterThrottle));
    answer = SendOnce(request);
  }
  if (absl::Status status = StatusOf(answer); !status.ok()) return status;
  return std::move(answer.body);
}

absl::StatusOr<std::string> AccountLink::Get(std::string target) {
  return Send({Method::kGet, std::move(target), "", false});
}

void AccountLink::WaitForRate(const HttpRequest& request) {
  if (request.method == Method::kGet || !request.target.starts_with("/numbers/")) return;
  if (std::exchange(wrote_number_, true)) parts_.wait(kBetweenNumbers);
}

HttpAnswer AccountLink::SendOnce(const HttpRequest& request) {
  provider::Outgoing outgoing;
  outgoing.request = request;
  outgoing.request.fresh_connection = request.method != Method::kGet;
  outgoing.base_url = base_url_.url;
  outgoing.loopback = base_url_.loopback;
  outgoing.authorization_header = account_.authorization_header;
  outgoing.connect_timeout = base::kProviderConnectTimeout;
  outgoing.timeout = base::kProviderRequestTimeout;
  if (request.form) {
    outgoing.timeout = kUploadTimeout;
    outgoing.stall_timeout = kUploadStall;
  }
  HttpAnswer answer = SendAndWait(parts_.transport, std::move(outgoing));
  NoteClock(answer);
  return answer;
}

void AccountLink::NoteClock(const HttpAnswer& answer) {
  if (!answer.date) return;
  // The provider wrote the date, in whole seconds, at some moment of the request.
  const base::Time latest = parts_.clock.Now();
  const base::Time earliest = latest - answer.took;
  const base::Duration ahead = *answer.date - latest;
  const base::Duration behind = earliest - (*answer.date + std::chrono::seconds(1));
  clock_ahead_ = base::Duration::zero();
  if (ahead > base::Duration::zero()) clock_ahead_ = ahead;
  if (behind > base::Duration::zero()) clock_ahead_ = -behind;
}

}  // namespace callbridge::admin
