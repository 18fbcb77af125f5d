// Sends HTTP requests: one libcurl multi handle on one thread of its own. It promises that every
// request ends with exactly one answer, on that thread, also when the transport is destroyed; it
// never sends a request with effects twice and knows nothing of calls.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <curl/curl.h>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

#include "server/base/clock.h"
#include "server/provider/transfer.h"
#include "server/provider/transport.h"

namespace callbridge::provider {

// Thread-safe.
class CurlTransport final : public Transport {
 public:
  // The clock is lent for life; it decides about send-by times.
  explicit CurlTransport(const base::Clock& clock);
  // What is in flight ends as stopped. Nobody but answers being delivered may call Submit or Post
  // by then.
  ~CurlTransport() override;
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  void Submit(Outgoing outgoing, Transfer::Done done) override;
  void Post(std::function<void()> closure) override;

 private:
  struct MultiCleanup {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };

  void Run(const std::stop_token& stop);
  void RunPosted();
  void Begin(std::unique_ptr<Transfer> transfer);
  void FinishCompleted();
  void FinishAll();
  void End(CURL* easy, CURLcode code);

  const base::Clock& clock_;
  const std::size_t transfers_max_;
  std::unique_ptr<CURLM, MultiCleanup> multi_;

  // The thread's own.
  std::map<CURL*, std::unique_ptr<Transfer>> transfers_;
  bool stopping_ = false;

  absl::Mutex mutex_;
  std::vector<std::function<void()>> posted_ ABSL_GUARDED_BY(mutex_);

  // Last, so that it begins when all else stands.
  std::jthread thread_;
};

}  // namespace callbridge::provider
