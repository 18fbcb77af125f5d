// One request on its way through libcurl. It leaves once: its body is never rewound, a second
// beginning is refused, and nothing of it leaves after its send-by time. Used by the transport's
// thread only.
#pragma once

#include <curl/curl.h>

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
  // "scheme://host[:port]" (base_url.h).
  std::string base_url;
  bool loopback = false;
  std::string authorization_header;
  // Nothing leaves after this. Absent: at any time.
  std::optional<base::Time> send_by;
  // Of the account: learns from the answer what the provider's clock shows. Null: it is not asked.
  base::ClockOffset* provider_clock = nullptr;
  base::Duration connect_timeout{};
  base::Duration timeout{};
};

class Transfer {
 public:
  using Done = std::function<void(HttpAnswer)>;

  Transfer(Outgoing outgoing, const base::Clock& clock, Done done);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Null if libcurl had no memory.
  CURL* handle() const { return easy_.get(); }
  // True from the first time on that it is asked after the request's send-by time.
  bool SendByHasPassed();
  // What came of it. Called while the handle still belongs to the multi handle: libcurl forgets
  // some of it afterwards.
  HttpAnswer Describe(CURLcode code);
  // Tells the one who asked. Once.
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
  static int OnSeek(void* self, curl_off_t offset, int origin);
  static std::size_t OnWrite(char* data, std::size_t size, std::size_t count, void* self);

  const Outgoing outgoing_;
  const base::Clock& clock_;
  Done done_;
  std::unique_ptr<CURL, EasyCleanup> easy_;
  std::unique_ptr<curl_slist, HeadersCleanup> headers_;
  std::string answer_;
  std::size_t body_sent_ = 0;
  bool begun_ = false;
  bool send_by_passed_ = false;
};

}  // namespace callbridge::provider
