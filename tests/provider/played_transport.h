// A transport whose answers the test gives itself, in the order that it wants, and a way to try
// every order.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "server/provider/transport.h"

namespace callbridge::provider {

// For one thread.
class PlayedTransport final : public Transport {
 public:
  void Submit(Outgoing outgoing, Transfer::Done done) override {
    submitted.push_back(outgoing);
    waiting_.push_back({std::move(outgoing), std::move(done)});
  }
  void Post(std::function<void()> closure) override { closure(); }

  std::size_t waiting() const { return waiting_.size(); }
  const Outgoing& Waits(std::size_t index) const { return waiting_[index].outgoing; }
  void AnswerTo(std::size_t index, HttpAnswer answer) {
    const Transfer::Done done = std::move(waiting_[index].done);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(index));
    done(std::move(answer));
  }

  // All that ever was, in its order.
  std::vector<Outgoing> submitted;

 private:
  struct Waiting {
    Outgoing outgoing;
    Transfer::Done done;
  };
  std::vector<Waiting> waiting_;
};

inline HttpAnswer AnswerOf(int status, const std::string& body, CURLcode code = CURLE_OK) {
  HttpAnswer answer;
  answer.code = code;
  answer.request_left = true;
  answer.http_status = status;
  answer.body = body;
  return answer;
}

// Chooses differently in each run, until every sequence of choices was made once.
class Choices {
 public:
  std::size_t Of(std::size_t options) {
    if (made_ == choices_.size()) choices_.push_back({0, options});
    return choices_[made_++].chosen;
  }
  // False: all were made.
  bool Next() {
    made_ = 0;
    while (!choices_.empty() && ++choices_.back().chosen == choices_.back().options) {
      choices_.pop_back();
    }
    return !choices_.empty();
  }

 private:
  struct Choice {
    std::size_t chosen = 0;
    std::size_t options = 1;
  };
  std::vector<Choice> choices_;
  std::size_t made_ = 0;
};

}  // namespace callbridge::provider
