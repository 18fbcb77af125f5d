// The webhooks on their way: takes each event once, in the order in which things happened, and lets
// the faults lose, double, delay, reorder and disguise it. It decides when a webhook leaves; it
// must not change what happened.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulator/faults.h"
#include "tests/simulator/json_writer.h"
#include "tests/simulator/random.h"

namespace callbridge::simulator {

// One POST to the webhook's receiver.
struct Delivery {
  base::Time due;
  // 1, 2, 3 … in the order of the occurrences; a duplicate has its original's.
  std::int64_t number = 0;
  std::string type;
  std::string call_id;
  std::string conference_id;
  std::string body;
};

// A fault met an event.
struct StruckEvent {
  // By its name in faults.h.
  std::string fault;
  std::string type;
  std::string call_id;
  std::string conference_id;
};

class Outbox {
 public:
  struct Counts {
    std::int64_t events = 0;
    std::int64_t dropped = 0;
    std::int64_t duplicated = 0;
    std::int64_t delayed = 0;
    std::int64_t reordered = 0;
  };

  explicit Outbox(std::uint64_t seed) : random_(seed) {}

  // How the next event or response is written.
  Style NextStyle(const Faults& faults);
  // A document that has fields nobody documented, sometimes.
  bool NextHasUnknownField(const Faults& faults);

  // event.due is the moment of the occurrence.
  void Add(Delivery event, const Faults& faults, const Delays& delays);
  std::vector<Delivery> TakeDue(base::Time now);
  std::optional<base::Time> NextTime() const;
  const Counts& counts() const { return counts_; }
  // Deliveries that have not left.
  std::int64_t waiting() const { return static_cast<std::int64_t>(waiting_.size()); }
  // Since the last time; of more than 1,000 the latest.
  std::vector<StruckEvent> TakeStruck() { return std::exchange(struck_, {}); }

 private:
  using Key = std::pair<base::Time, std::uint64_t>;

  // The fault that loses the event. Null: none does.
  const char* LostBy(const Delivery& event, const Faults& faults);
  Key Push(Delivery delivery);
  void LetHeldBackGo(base::Time after);
  void NoteStruck(const char* fault, const Delivery& event);

  Random random_;
  Counts counts_;
  std::vector<StruckEvent> struck_;
  std::uint64_t pushed_ = 0;
  std::map<Key, Delivery> waiting_;
  // The event that waits for the next one to overtake it.
  std::optional<Key> held_back_;
};

}  // namespace callbridge::simulator
