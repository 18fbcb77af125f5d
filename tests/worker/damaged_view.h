// A view whose sessions on damaged pages cannot be read, as a reader of a damaged file finds it:
// the row is missing, and what was read as a whole is worth nothing.
#pragma once

#include <set>
#include <string>

#include "tests/store/forwarded_view.h"

namespace callbridge::worker {

class DamagedView final : public store::Forwarded<store::View> {
 public:
  // Both must outlive it.
  DamagedView(store::View& whole, const std::set<std::string>& damaged)
      : Forwarded(whole), damaged_(damaged) {}

  // A damaged session was asked for.
  bool met_damage() const { return met_damage_; }

  store::Found Find(const store::Wanted& wanted) override {
    store::Found found = Forwarded::Find(wanted);
    const auto met = std::erase_if(found.sessions, [this](const auto& row) {
      return damaged_.contains(row.second.session_id);
    });
    met_damage_ = met_damage_ || met > 0;
    return found;
  }

 private:
  const std::set<std::string>& damaged_;
  bool met_damage_ = false;
};

}  // namespace callbridge::worker
