#include "server/base/counters.h"

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <map>

#include "server/base/check.h"

namespace callbridge::base {

struct CounterEntry {
  CounterEntry(std::string_view what, CounterKind how) : meaning(what), kind(how) {}

  const std::string_view meaning;
  const CounterKind kind;
  std::atomic<std::int64_t> value = 0;
};

namespace {

// Entries are never removed, so that references to them stay valid and counts outlive the parts
// that count.
struct Registry {
  absl::Mutex mutex;
  std::map<std::string_view, CounterEntry> entries ABSL_GUARDED_BY(mutex);
};

// The registry is never destroyed, because other threads may still count while the process exits.
Registry& TheRegistry() {
  static Registry& registry = *new Registry;
  return registry;
}

CounterEntry& Entry(std::string_view name, std::string_view meaning, CounterKind kind) {
  Registry& registry = TheRegistry();
  absl::MutexLock lock(&registry.mutex);
  CounterEntry& entry = registry.entries.try_emplace(name, meaning, kind).first->second;
  Check(entry.meaning == meaning && entry.kind == kind, "one name of a counter, two meanings");
  return entry;
}

}  // namespace

Counter::Counter(std::string_view name, std::string_view meaning)
    : entry_(Entry(name, meaning, CounterKind::kTotal)) {}

std::int64_t Counter::Add(std::int64_t count) {
  entry_.value.fetch_add(count, std::memory_order_relaxed);
  return value_.fetch_add(count, std::memory_order_relaxed);
}

Gauge::Gauge(std::string_view name, std::string_view meaning)
    : entry_(Entry(name, meaning, CounterKind::kGauge)) {}

Gauge::~Gauge() { Set(0); }

void Gauge::Add(std::int64_t count) {
  value_.fetch_add(count, std::memory_order_relaxed);
  entry_.value.fetch_add(count, std::memory_order_relaxed);
}

void Gauge::Set(std::int64_t value) {
  const std::int64_t before = value_.exchange(value, std::memory_order_relaxed);
  entry_.value.fetch_add(value - before, std::memory_order_relaxed);
}

std::vector<CounterValue> CountersNow() {
  Registry& registry = TheRegistry();
  absl::MutexLock lock(&registry.mutex);
  std::vector<CounterValue> values;
  values.reserve(registry.entries.size());
  for (const auto& [name, entry] : registry.entries) {
    values.push_back(
        {name, entry.meaning, entry.kind, entry.value.load(std::memory_order_relaxed)});
  }
  return values;
}

}  // namespace callbridge::base
