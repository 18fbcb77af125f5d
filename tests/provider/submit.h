// Sends one request over real sockets, without a client of the provider around it.
#pragma once

#include <absl/synchronization/notification.h>

#include <chrono>
#include <string>
#include <utility>

#include "server/provider/curl_transport.h"

namespace callbridge::provider {

inline Outgoing OutgoingTo(const std::string& url, HttpRequest request) {
  Outgoing outgoing;
  outgoing.request = std::move(request);
  outgoing.base_url = url;
  outgoing.loopback = true;
  outgoing.authorization_header = "App k";
  outgoing.connect_timeout = std::chrono::seconds(5);
  outgoing.timeout = std::chrono::seconds(60);
  return outgoing;
}

inline HttpAnswer SubmitAndWait(CurlTransport& transport, Outgoing outgoing) {
  HttpAnswer answer;
  absl::Notification done;
  transport.Submit(std::move(outgoing), [&](HttpAnswer given) {
    answer = std::move(given);
    done.Notify();
  });
  done.WaitForNotification();
  return answer;
}

}  // namespace callbridge::provider
