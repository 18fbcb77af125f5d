// Sends HTTP requests with one libcurl multi handle on a thread of its own. Every request ends with
// exactly one answer, on that thread, even if the transport is destroyed. It never sends a request
// with effects twice, and does not know what a request means.
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
  // clock: must outlive the transport; it decides whether a send-by time has passed.
  explicit CurlTransport(const base::Clock& clock);
  // Ends requests in flight as stopped. During destruction only callbacks of answers may call
  // Submit or Post.
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

  // Only the thread uses the members from here on.
  std::map<CURL*, std::unique_ptr<Transfer>> transfers_;
  bool stopping_ = false;

  absl::Mutex mutex_;
  std::vector<std::function<void()>> posted_ ABSL_GUARDED_BY(mutex_);

  // The last member, so that the thread begins when all other members exist.
  std::jthread thread_;
};

}  // namespace callbridge::provider
