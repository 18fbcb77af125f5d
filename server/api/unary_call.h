// One unary call towards gRPC. Its work runs on one of our pools; a call that waits for the reply
// of its step holds no thread. It finishes once: with the answer of its method, or with CANCELLED
// if the client leaves before the work begins or while it waits. What is durable by then stays so.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "callbridge/internal/v1/input.pb.h"
#include "server/api/asker.h"
#include "server/api/call_count.h"
#include "server/api/reply_waiters.h"
#include "server/api/work_pool.h"

namespace callbridge::api {

class UnaryCall final : public grpc::ServerUnaryReactor,
                        public std::enable_shared_from_this<UnaryCall> {
 public:
  // Lent by the service; all of it outlives the call.
  struct Lent {
    CallCount& calls;
    ReplyWaiters& replies;
    // The pool for the work after a reply has arrived.
    WorkPool& answers;
    // Counts the calls whose answers are large and fill the memory until they are read. Null means
    // that the answer is small.
    CallCount* large = nullptr;
  };

  // The work of the method. Both functions run on a thread of a pool and may block on the store.
  struct Method {
    // Begins the work. It returns nullopt if the answer is complete, and otherwise the input whose
    // reply is needed.
    std::function<absl::StatusOr<std::optional<std::int64_t>>(const Asker&)> begin;
    // Completes the answer with the reply. Absent means that no step came in time.
    std::function<absl::Status(const std::optional<internal::v1::Reply>&)> answer = {};
  };

  // Begins the call on the pool. The returned reactor has finished with TOO_MANY_CALLS if the pool
  // takes no more, or if too many calls are under way. Calls with large answers have a limit of
  // their own.
  static grpc::ServerUnaryReactor* Begin(grpc::CallbackServerContext* context, const Lent& lent,
                                         WorkPool& pool, Method method);

  UnaryCall(const grpc::CallbackServerContext& context, const Lent& lent, Method method);

  void OnCancel() override;
  void OnDone() override;

 private:
  void Work();
  void Await(std::int64_t input_id);
  void OnReply(const internal::v1::Reply& reply);
  void Answer(const std::optional<internal::v1::Reply>& reply);
  // Ends the wait. Returns true for the first caller only.
  bool EndWait();

  const Lent lent_;
  const Method method_;
  // Counted until OnDone, because an owner that holds the call for longer may outlive the counter.
  std::optional<CallCount::Call> counted_;
  std::optional<CallCount::Call> counted_as_large_;
  std::atomic<bool> cancelled_ = false;
  Asker asker_;
  // Rings if no step came in time.
  grpc::Alarm alarm_;
  absl::Mutex mutex_;
  std::optional<std::int64_t> awaited_ ABSL_GUARDED_BY(mutex_);
  // Keeps the call alive until gRPC's OnDone.
  std::shared_ptr<UnaryCall> self_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace callbridge::api
