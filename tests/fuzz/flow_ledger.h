// The fuzzer's own ledger of one session: which commands the flow has issued, and where each is. It
// promises to take, settle and cancel only what the real ledger would, and fails a check when the
// flow asks for something that the real one refuses.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "callbridge/internal/v1/session.pb.h"
#include "server/base/time.h"

namespace callbridge::fuzz {

enum class Place { kPending, kInFlight, kSettled, kCancelled };

struct Row {
  internal::v1::Command command;
  Place place = Place::kPending;
  base::Time taken{};
};

class FlowLedger {
 public:
  // Writes what a step issued and cancelled.
  void Apply(const internal::v1::Transition& transition);
  void Take(std::int32_t number, base::Time now);
  void Settle(std::int32_t number);

  // Numbers, oldest first.
  std::vector<std::int32_t> In(Place place) const;
  const Row& row(std::int32_t number) const { return rows_.at(number); }
  // 0 if none.
  std::int32_t FirstOverdue(base::Time now) const;

  // The session knows of every command that may still do something, and of no other.
  void CheckAgainst(const internal::v1::Session& session) const;

 private:
  std::map<std::int32_t, Row> rows_;
};

}  // namespace callbridge::fuzz
