// One request on its way through libcurl. It leaves once: its body is never rewound, a second start
// is refused, and no byte of it leaves after its send-by time. Only the transport's thread uses it.
#pragma once

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "server/base/clock.h"
#include "server/base/clock_offset.h"
#include "server/base/time.h"
#include "server/provider/http_message.h"

namespace callbridge::provider {

struct Outgoing {
  HttpRequest request;
  // Like "scheme://host[:port]" (base_url.h).
  std::string base_url;
  bool loopback = false;
  std::string authorization_header;
  // No byte leaves after this time. Absent means no limit.
  std::optional<base::Time> send_by;
  // The account's estimate of the provider's clock, which learns from the answer. Null means that
  // the answer is not used for it.
  base::ClockOffset* provider_clock = nullptr;
  base::Duration connect_timeout{};
  base::Duration timeout{};
  // The request also ends as timed out if not a byte goes either way for this long. Absent means
  // that only `timeout` counts, which suits all but large bodies.
  std::optional<std::chrono::seconds> stall_timeout = std::nullopt;
};

class Transfer {
 public:
  using Done = std::function<void(HttpAnswer)>;

  Transfer(Outgoing outgoing, const base::Clock& clock, Done done);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Null if libcurl had no memory.
  CURL* handle() const { return easy_.get(); }
  // True if the send-by time has passed. Once true, it stays true.
  bool SendByHasPassed();
  // Returns the result. It must be called while the handle still belongs to the multi handle,
  // because libcurl forgets some of it afterwards.
  HttpAnswer Describe(CURLcode code);
  // Gives the answer to the caller of the request. It may be called once.
  void Finish(HttpAnswer answer);

 private:
  struct EasyCleanup {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct HeadersCleanup {
    void operator()(curl_slist* headers) const { curl_slist_free_all(headers); }
  };

  void SetAddress();
  void SetLimits();
  void SetHeaders();
  void SetBody();
  static int OnConnected(void* self, char*, char*, int, int);
  static std::size_t OnRead(char* buffer, std::size_t size, std::size_t count, void* self);
  static std::size_t OnReadForm(char* buffer, std::size_t size, std::size_t count, void* self);
  static int OnSeek(void* self, curl_off_t offset, int origin);
  static std::size_t OnWrite(char* data, std::size_t size, std::size_t count, void* self);

  const Outgoing outgoing_;
  const base::Clock& clock_;
  Done done_;
  std::unique_ptr<CURL, EasyCleanup> easy_;
  std::unique_ptr<curl_slist, HeadersCleanup> headers_;
  Form form_;
  std::string answer_;
  // libcurl's words about a failure.
  std::array<char, CURL_ERROR_SIZE> error_{};
  // Of the body or the form's file.
  std::int64_t body_sent_ = 0;
  bool begun_ = false;
  bool send_by_passed_ = false;
};

}  // namespace callbridge::provider
