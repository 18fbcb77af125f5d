// What is to happen when, in a world: in order of time, and in order of being put down where times
// are equal. It runs nothing by itself.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "server/base/time.h"

namespace callbridge::simulation {

class Agenda {
 public:
  using Action = std::function<void()>;

  void At(base::Time time, Action action) { actions_.emplace(time, std::move(action)); }

  // The first action that is due by now, taken out. Empty: none is.
  Action TakeDue(base::Time now) {
    if (actions_.empty() || actions_.begin()->first > now) return {};
    Action action = std::move(actions_.begin()->second);
    actions_.erase(actions_.begin());
    return action;
  }

  std::optional<base::Time> NextTime() const {
    if (actions_.empty()) return std::nullopt;
    return actions_.begin()->first;
  }

 private:
  std::multimap<base::Time, Action> actions_;
};

}  // namespace callbridge::simulation
