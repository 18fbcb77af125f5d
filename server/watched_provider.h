// A provider whose answers are also reported to a function: their HTTP status tells the health
// service whether the account is accepted and its calls configuration known.
#pragma once

#include <functional>
#include <utility>

#include "callbridge/internal/v1/command.pb.h"
#include "server/provider/provider.h"

namespace callbridge {

// Thread-safe. The provider must outlive this object, and everything that watch uses must outlive
// the provider. The provider's last answers come while it ends, after this object is gone.
class WatchedProvider final : public provider::Provider {
 public:
  // watch is called from the provider's threads and must return at once.
  using Watch = std::function<void(internal::v1::Command::ActionCase action, int http_status)>;
  WatchedProvider(provider::Provider& provider, Watch watch)
      : provider_(provider), watch_(std::move(watch)) {}

  void Send(const internal::v1::Command& command, base::Time send_by, Done done) override {
    provider_.Send(command, send_by,
                   [watch = watch_, action = command.action_case(),
                    done = std::move(done)](internal::v1::CommandResult result) {
                     watch(action, result.http_status());
                     done(std::move(result));
                   });
  }

 private:
  provider::Provider& provider_;
  const Watch watch_;
};

}  // namespace callbridge
