// absl::Mutex and absl::CondVar once more, over the mutexes of the standard library. Debian's
// libabsl is built without ThreadSanitizer, so that ThreadSanitizer sees neither its locks nor what
// they order, and takes every access under them for a race. A program of the preset "threads"
// defines these functions itself; the linker then gives them to Abseil and gRPC as well.
#include <absl/synchronization/mutex.h>
#include <absl/time/clock.h>
#include <absl/time/time.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <new>

namespace absl {
ABSL_NAMESPACE_BEGIN
namespace {

struct StandardMutex {
  std::mutex mutex;
  // Every release wakes all who wait for a condition: slow, and never wrong.
  std::condition_variable released;
};

struct StandardBell {
  std::mutex mutex;
  std::condition_variable rung;
  uint64_t signals = 0;
  uint64_t waiting = 0;
};

// Abseil's objects are eight bytes that begin as zero. They hold the address of what stands for
// them, which is made when it is first asked for.
template <typename T>
T& StandsFor(const void* object) {
  auto& word = *static_cast<std::atomic<T*>*>(const_cast<void*>(object));
  T* found = word.load(std::memory_order_acquire);
  if (found != nullptr) return *found;
  T* const made = new T;
  if (word.compare_exchange_strong(found, made, std::memory_order_acq_rel)) return *made;
  delete made;
  return *found;
}

template <typename T>
void Destroy(void* object) {
  delete static_cast<std::atomic<T*>*>(object)->load(std::memory_order_acquire);
}

std::chrono::steady_clock::time_point After(Duration timeout) {
  const Duration longest = Hours(24 * 365);
  return std::chrono::steady_clock::now() +
         ToChronoNanoseconds(timeout < longest ? timeout : longest);
}

// Called with the lock held, and returns with it held.
bool WaitUntil(StandardMutex& lock, const Condition& condition,
               std::chrono::steady_clock::time_point deadline) {
  std::unique_lock<std::mutex> held(lock.mutex, std::adopt_lock);
  // Another thread may wait for what this one has changed before it waits itself.
  if (!condition.Eval()) lock.released.notify_all();
  const bool is_true =
      lock.released.wait_until(held, deadline, [&condition] { return condition.Eval(); });
  held.release();
  return is_true;
}

}  // namespace

static_assert(sizeof(Mutex) == sizeof(std::atomic<StandardMutex*>));
static_assert(sizeof(CondVar) == sizeof(std::atomic<StandardBell*>));

Mutex::~Mutex() { Destroy<StandardMutex>(this); }

void Mutex::Lock() { StandsFor<StandardMutex>(this).mutex.lock(); }

bool Mutex::TryLock() { return StandsFor<StandardMutex>(this).mutex.try_lock(); }

void Mutex::Unlock() {
  StandardMutex& lock = StandsFor<StandardMutex>(this);
  lock.released.notify_all();
  lock.mutex.unlock();
}

void Mutex::ReaderLock() { Lock(); }
bool Mutex::ReaderTryLock() { return TryLock(); }
void Mutex::ReaderUnlock() { Unlock(); }

// A mutex of the standard library does not know who holds it; ThreadSanitizer does, and tells.
void Mutex::AssertHeld() const {}
void Mutex::AssertReaderHeld() const {}
void Mutex::AssertNotHeld() const {}
void Mutex::ForgetDeadlockInfo() {}

void Mutex::Await(const Condition& condition) { AwaitWithTimeout(condition, InfiniteDuration()); }

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  return WaitUntil(StandsFor<StandardMutex>(this), condition, After(timeout));
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  return AwaitWithTimeout(condition, deadline - Now());
}

void Mutex::LockWhen(const Condition& condition) {
  Lock();
  Await(condition);
}

bool Mutex::LockWhenWithTimeout(const Condition& condition, Duration timeout) {
  Lock();
  return AwaitWithTimeout(condition, timeout);
}

bool Mutex::LockWhenWithDeadline(const Condition& condition, Time deadline) {
  return LockWhenWithTimeout(condition, deadline - Now());
}

void Mutex::ReaderLockWhen(const Condition& condition) { LockWhen(condition); }

bool Mutex::ReaderLockWhenWithTimeout(const Condition& condition, Duration timeout) {
  return LockWhenWithTimeout(condition, timeout);
}

bool Mutex::ReaderLockWhenWithDeadline(const Condition& condition, Time deadline) {
  return LockWhenWithDeadline(condition, deadline);
}

CondVar::~CondVar() { Destroy<StandardBell>(this); }

void CondVar::Wait(Mutex* mutex) { WaitWithTimeout(mutex, InfiniteDuration()); }

// True: the time was over before anybody signalled.
bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  StandardBell& bell = StandsFor<StandardBell>(this);
  std::unique_lock<std::mutex> held(bell.mutex);
  ++bell.waiting;
  mutex->Unlock();
  const bool rung =
      bell.rung.wait_until(held, After(timeout), [&bell] { return bell.signals > 0; });
  --bell.waiting;
  if (rung) --bell.signals;
  held.unlock();
  mutex->Lock();
  return !rung;
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  return WaitWithTimeout(mutex, deadline - Now());
}

void CondVar::Signal() {
  StandardBell& bell = StandsFor<StandardBell>(this);
  const std::lock_guard<std::mutex> held(bell.mutex);
  if (bell.signals < bell.waiting) ++bell.signals;
  bell.rung.notify_one();
}

void CondVar::SignalAll() {
  StandardBell& bell = StandsFor<StandardBell>(this);
  const std::lock_guard<std::mutex> held(bell.mutex);
  bell.signals = bell.waiting;
  bell.rung.notify_all();
}

ABSL_NAMESPACE_END
}  // namespace absl
