// Everything that this process counts, under one name each. A part declares its counters as members
// and adds to them without a lock; what several instances count under one name is summed.
// CountersNow() is what `callbridge status` shows.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>
#include <vector>

namespace callbridge::base {

enum class CounterKind {
  // Only rises.
  kTotal,
  // Rises and falls: how many there are now.
  kGauge,
};

struct CounterValue {
  std::string_view name;
  std::string_view meaning;
  CounterKind kind = CounterKind::kTotal;
  std::int64_t value = 0;
};

// What all instances of one name share; it lives as long as the process.
struct CounterEntry;

// A number that only rises. Thread-safe.
class Counter {
 public:
  // name: snake_case, one for each thing that is counted, like "webhooks_stored". meaning: a
  // sentence for operators. Both must be literals, and each name has one meaning and one kind.
  Counter(std::string_view name, std::string_view meaning);
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;

  // What this instance had counted before: 0 the first time, for what is told only once.
  std::int64_t Add(std::int64_t count = 1);
  // What this instance counted.
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  CounterEntry& entry_;
  std::atomic<std::int64_t> value_ = 0;
};

// A number that rises and falls; what this instance holds is taken back when it ends. Thread-safe.
class Gauge {
 public:
  // As Counter's.
  Gauge(std::string_view name, std::string_view meaning);
  ~Gauge();
  Gauge(const Gauge&) = delete;
  Gauge& operator=(const Gauge&) = delete;

  void Add(std::int64_t count);
  void Set(std::int64_t value);
  // What this instance holds.
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  CounterEntry& entry_;
  std::atomic<std::int64_t> value_ = 0;
};

// All that were ever declared in this process, by name. Thread-safe.
std::vector<CounterValue> CountersNow();

}  // namespace callbridge::base
