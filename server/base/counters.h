// Everything that this process counts, each under its own name. A part declares its counters as
// members and adds to them without a lock; instances with the same name are summed. `callbridge
// status` shows what CountersNow() returns.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>
#include <vector>

namespace callbridge::base {

enum class CounterKind {
  // Only rises.
  kTotal,
  // Rises and falls, and says how many there are now.
  kGauge,
};

struct CounterValue {
  std::string_view name;
  std::string_view meaning;
  CounterKind kind = CounterKind::kTotal;
  std::int64_t value = 0;
};

// The state that all instances of one name share; it lives as long as the process.
struct CounterEntry;

// A number that only rises. Thread-safe.
class Counter {
 public:
  // name: snake_case and unique for each thing that is counted, like "webhooks_stored". meaning: a
  // sentence for operators. Both must be literals, and each name has one meaning and one kind.
  Counter(std::string_view name, std::string_view meaning);
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;

  // Adds to the counter, and returns what this instance had counted before. The first call returns
  // 0, so that a caller can report something only once.
  std::int64_t Add(std::int64_t count = 1);
  // The count of this instance.
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  CounterEntry& entry_;
  std::atomic<std::int64_t> value_ = 0;
};

// A number that rises and falls. The part of an instance is subtracted when the instance ends.
// Thread-safe.
class Gauge {
 public:
  // The parameters are the same as Counter's.
  Gauge(std::string_view name, std::string_view meaning);
  ~Gauge();
  Gauge(const Gauge&) = delete;
  Gauge& operator=(const Gauge&) = delete;

  void Add(std::int64_t count);
  void Set(std::int64_t value);
  // The part of this instance.
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  CounterEntry& entry_;
  std::atomic<std::int64_t> value_ = 0;
};

// All counters that this process has declared, sorted by name. Thread-safe.
std::vector<CounterValue> CountersNow();

}  // namespace callbridge::base
