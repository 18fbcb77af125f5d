#include "server/provider/curl_transport.h"

#include <utility>

#include "server/base/check.h"
#include "server/base/descriptors.h"

namespace callbridge::provider {
namespace {

// How many idle connections are kept, which is more than the rates of one account can use.
constexpr long kIdleConnectionsMax = 64;
// How long the thread waits without being woken. Submissions and the end wake it, so this only
// bounds the cost of a lost wake-up.
constexpr int kPollMilliseconds = 1000;

CURLM* NewMulti() {
  // This runs once in the process, before the first thread uses libcurl.
  static const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  base::Check(initialized == CURLE_OK, "libcurl cannot be initialized");
  CURLM* multi = curl_multi_init();
  base::Check(multi != nullptr, "libcurl gives no multi handle");
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, kIdleConnectionsMax);
  return multi;
}

}  // namespace

CurlTransport::CurlTransport(const base::Clock& clock)
    : clock_(clock),
      transfers_max_(base::ShareDescriptors(base::DescriptorLimit()).provider_transfers),
      multi_(NewMulti()),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

CurlTransport::~CurlTransport() {
  thread_.request_stop();
  curl_multi_wakeup(multi_.get());
  thread_.join();
}

void CurlTransport::Submit(Outgoing outgoing, Transfer::Done done) {
  // std::function requires a closure that can be copied.
  auto transfer = std::make_shared<std::unique_ptr<Transfer>>(
      std::make_unique<Transfer>(std::move(outgoing), clock_, std::move(done)));
  Post([this, transfer] { Begin(std::move(*transfer)); });
}

void CurlTransport::Post(std::function<void()> closure) {
  {
    absl::MutexLock lock(&mutex_);
    posted_.push_back(std::move(closure));
  }
  curl_multi_wakeup(multi_.get());
}

void CurlTransport::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    RunPosted();
    int running = 0;
    base::Check(curl_multi_perform(multi_.get(), &running) == CURLM_OK,
                "libcurl's multi handle is broken");
    FinishCompleted();
    base::Check(curl_multi_poll(multi_.get(), nullptr, 0, kPollMilliseconds, nullptr) == CURLM_OK,
                "libcurl cannot wait for its sockets");
  }
  stopping_ = true;
  FinishAll();
  // From here on, only callbacks of the answers just delivered post closures. These requests end at
  // once, and none is sent.
  bool any = true;
  while (any) {
    RunPosted();
    absl::MutexLock lock(&mutex_);
    any = !posted_.empty();
  }
}

void CurlTransport::RunPosted() {
  std::vector<std::function<void()>> closures;
  {
    absl::MutexLock lock(&mutex_);
    closures.swap(posted_);
  }
  for (const std::function<void()>& closure : closures) closure();
}

void CurlTransport::Begin(std::unique_ptr<Transfer> transfer) {
  CURL* easy = transfer->handle();
  HttpAnswer refused;
  refused.code = CURLE_FAILED_INIT;
  refused.stopped = stopping_;
  refused.send_by_passed = transfer->SendByHasPassed();
  refused.crowded_out = transfers_.size() >= transfers_max_;
  if (refused.stopped || refused.send_by_passed || refused.crowded_out || easy == nullptr ||
      curl_multi_add_handle(multi_.get(), easy) != CURLM_OK) {
    transfer->Finish(std::move(refused));
    return;
  }
  transfers_.emplace(easy, std::move(transfer));
}

void CurlTransport::FinishCompleted() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg == CURLMSG_DONE) End(message->easy_handle, message->data.result);
  }
}

void CurlTransport::FinishAll() {
  while (!transfers_.empty()) End(transfers_.begin()->first, CURLE_ABORTED_BY_CALLBACK);
}

void CurlTransport::End(CURL* easy, CURLcode code) {
  const auto found = transfers_.find(easy);
  base::Check(found != transfers_.end(), "libcurl ended a transfer that was never begun");
  const std::unique_ptr<Transfer> transfer = std::move(found->second);
  transfers_.erase(found);
  HttpAnswer answer = transfer->Describe(code);
  answer.stopped = stopping_;
  curl_multi_remove_handle(multi_.get(), easy);
  transfer->Finish(std::move(answer));
}

}  // namespace callbridge::provider
