// A pace that lets everything leave, or nothing until a moment, and keeps what it was asked: for
// tests of what stands before it.
#pragma once

#include <optional>
#include <vector>

#include "server/provider/pace.h"

namespace callbridge::provider {

class OpenPace final : public Pace {
 public:
  std::optional<base::Time> TryTake(const internal::v1::Command& command, base::Time) override {
    if (!closed_until) taken.push_back(command.number());
    return closed_until;
  }
  void GiveBack(const internal::v1::Command& command) override {
    given_back.push_back(command.number());
  }
  void Observe(const internal::v1::Command&, const internal::v1::CommandResult&,
               base::Time) override {
    ++observed;
  }

  std::optional<base::Time> closed_until;
  std::vector<int> taken;
  std::vector<int> given_back;
  int observed = 0;
};

}  // namespace callbridge::provider
