#include "server/api/unary_call.h"

#include <utility>

#include "server/api/errors.h"
#include "server/api/grpc_edge.h"
#include "server/base/limits.h"

namespace callbridge::api {

grpc::ServerUnaryReactor* UnaryCall::Begin(grpc::CallbackServerContext* context, const Lent& lent,
                                           WorkPool& pool, Method method) {
  auto call = std::make_shared<UnaryCall>(*context, lent, std::move(method));
  // The limits are compared with counts that include this call.
  const bool too_many =
      lent.calls.IsExceeded() || (lent.large != nullptr && lent.large->IsExceeded());
  if (!too_many && pool.TryPost([call] { call->Work(); })) {
    absl::MutexLock lock(&call->mutex_);
    call->self_ = call;
    return call.get();
  }
  grpc::ServerUnaryReactor* refused = context->DefaultReactor();
  refused->Finish(ToGrpcStatus(TooManyCalls()));
  return refused;
}

UnaryCall::UnaryCall(const grpc::CallbackServerContext& context, const Lent& lent, Method method)
    : lent_(lent), method_(std::move(method)), asker_(MakeAsker(context)) {
  counted_.emplace(lent_.calls);
  if (lent_.large != nullptr) {
    counted_as_large_.emplace(*lent_.large);
  }
  // The context's own function is not used, because the context may be destroyed before the work
  // ends.
  asker_.cancelled = [this] { return cancelled_.load(); };
}

void UnaryCall::Work() {
  if (asker_.Gone()) {
    Finish(CallerGone());
    return;
  }
  const absl::StatusOr<std::optional<std::int64_t>> begun = method_.begin(asker_);
  if (!begun.ok()) {
    Finish(ToGrpcStatus(begun.status()));
  } else if (!begun->has_value()) {
    Finish(grpc::Status::OK);
  } else {
    Await(**begun);
  }
}

void UnaryCall::Await(std::int64_t input_id) {
  const std::shared_ptr<UnaryCall> self = shared_from_this();
  {
    absl::MutexLock lock(&mutex_);
    awaited_ = input_id;
  }
  const absl::Status status = lent_.replies.Wait(
      input_id, this, [self](const internal::v1::Reply& reply) { self->OnReply(reply); });
  if (!status.ok()) {
    if (EndWait()) {
      Finish(ToGrpcStatus(status));
    }
    return;
  }
  {
    absl::MutexLock lock(&mutex_);
    if (!awaited_.has_value()) {
      return;
    }
    // The reference is weak, because the alarm keeps its closure for as long as the call keeps the
    // alarm.
    const auto on_alarm = [weak = weak_from_this()](bool rang) {
      const std::shared_ptr<UnaryCall> call = rang ? weak.lock() : nullptr;
      if (call != nullptr && call->EndWait()) {
        call->lent_.answers.Post([call] { call->Answer(std::nullopt); });
      }
    };
    alarm_.Set(SteadyIn(base::kReplyWaitMax), on_alarm);
  }
  // If the client left before the wait began, the call must be ended here.
  if (cancelled_) {
    OnCancel();
  }
}

void UnaryCall::OnReply(const internal::v1::Reply& reply) {
  if (EndWait()) {
    lent_.answers.Post([self = shared_from_this(), reply] { self->Answer(reply); });
  }
}

void UnaryCall::Answer(const std::optional<internal::v1::Reply>& reply) {
  Finish(ToGrpcStatus(method_.answer(reply)));
}

void UnaryCall::OnCancel() {
  cancelled_ = true;
  // Work that is under way notices the cancellation by itself. Only a wait is ended from here.
  if (EndWait()) {
    Finish(CallerGone());
  }
}

bool UnaryCall::EndWait() {
  std::optional<std::int64_t> awaited;
  {
    absl::MutexLock lock(&mutex_);
    awaited = std::exchange(awaited_, std::nullopt);
  }
  if (!awaited.has_value()) {
    return false;
  }
  lent_.replies.Forget(*awaited, this);
  alarm_.Cancel();
  return true;
}

void UnaryCall::OnDone() {
  counted_as_large_.reset();
  counted_.reset();
  std::shared_ptr<UnaryCall> self;
  absl::MutexLock lock(&mutex_);
  self = std::move(self_);
}

}  // namespace callbridge::api
