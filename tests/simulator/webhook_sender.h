// Posts webhooks to their receiver over some connections at a time, as the provider does
// (docs/provider.md §7.4): started in order, arriving in any. What is not answered 200 is repeated
// as configured and then given up, and counted.
#pragma once

#include <boost/asio/io_context.hpp>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "server/base/clock.h"
#include "tests/simulator/control.h"
#include "tests/simulator/webhook_schedule.h"
#include "tests/simulator/webhook_signature.h"

namespace callbridge::simulator {

struct WebhookTarget {
  // Of "http://127.0.0.1:8081/infobip/events". An empty host: nothing is sent.
  std::string host;
  std::string port;
  std::string path;
  // Of CALL_RECEIVED alone, as an application of an older account has it (docs/provider.md §2).
  // Empty: the same path.
  std::string receive_path;
  WebhookAuthentication authentication;
  // The minimum of windowSize, docs/provider.md §3.2. 1: strictly in order.
  std::size_t connections = 20;
  WebhookSchedule schedule;
};

class WebhookSender {
 public:
  // Everything happens on the thread that runs io, which must outlive this, as the clock must.
  WebhookSender(boost::asio::io_context& io, WebhookTarget target, const base::Clock& clock);
  ~WebhookSender();

  // type: of the event, like CALL_RECEIVED.
  void Send(const std::string& type, std::string body);
  WebhookCounts counts() const;
  // GET /control/webhooks: the latest posts, each attempt for itself.
  std::string Journal() const;

 private:
  class Connection;
  struct Post {
    std::string path;
    std::string body;
    int posts = 0;
    base::Time posted;
  };
  struct Record {
    base::Time posted;
    base::Time answered;
    // 0: no answer.
    int status = 0;
    std::string body;
  };

  void Feed();
  void Remember(const Post& post, int status);
  void OnAnswered(Post post, int status);
  void OnFailed(Post post);
  void MaybeRepeat(Post post);

  boost::asio::io_context& io_;
  const WebhookTarget target_;
  const base::Clock& clock_;
  WebhookCounts counts_;
  std::deque<Record> records_;
  std::deque<Post> waiting_;
  std::vector<std::shared_ptr<Connection>> connections_;
};

}  // namespace callbridge::simulator
