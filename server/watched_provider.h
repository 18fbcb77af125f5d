// A provider whose answers are also reported to a function: their HTTP status tells the health
// service whether the account is accepted.
#pragma once

#include <functional>
#include <utility>

#include "server/provider/provider.h"

namespace callbridge {

// Thread-safe. The provider must outlive this object, and everything that watch uses must outlive
// the provider. The provider's last answers come while it ends, after this object is gone.
class WatchedProvider final : public provider::Provider {
 public:
  // watch is called from the provider's threads and must return at once.
  WatchedProvider(provider::Provider& provider, std::function<void(int http_status)> watch)
      : provider_(provider), watch_(std::move(watch)) {}

  void Send(const internal::v1::Command& command, base::Time send_by, Done done) override {
    provider_.Send(command, send_by,
                   [watch = watch_, done = std::move(done)](internal::v1::CommandResult result) {
                     watch(result.http_status());
                     done(std::move(result));
                   });
  }

 private:
  provider::Provider& provider_;
  const std::function<void(int)> watch_;
};

}  // namespace callbridge
