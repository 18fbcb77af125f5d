#include "webhook/grpc_inbox_sink.h"

#include <grpc/support/time.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include "callbridge/internal/v1/inbox_service.grpc.pb.h"

namespace callbridge::webhook {
namespace {

using internal::v1::InboxItem;
using internal::v1::InboxService;

// The server runs on the same machine or near it, so the client tries often.
constexpr int kReconnectMillis = 100;
constexpr int kReconnectMillisMax = 500;
constexpr int kConnectMillisMax = 1'000;
// How long one attempt looks for the server. The sink's destructor may wait for that. During that
// time this thread drives gRPC's connection, while between two calls only a poller reads from it,
// every 5 s.
constexpr std::chrono::milliseconds kLookForServer{500};

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMillis);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMillisMax);
  // In spite of its name, this option limits one connection attempt.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMillisMax);
  // The hand-over uses no proxy of the environment, and does not share the backoff of another
  // channel.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

// Converts the deadline to the monotonic clock, so that a correction of the system's clock neither
// cuts nor prolongs a hand-over.
gpr_timespec GrpcDeadline(std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                      gpr_time_from_millis(std::max<std::int64_t>(left.count(), 0), GPR_TIMESPAN));
}

absl::Status Append(grpc::Channel& channel, InboxService::Stub& stub,
                    const std::vector<InboxItem>& items,
                    std::chrono::steady_clock::time_point deadline, const std::stop_token& stop) {
  const auto look_until = std::min(deadline, std::chrono::steady_clock::now() + kLookForServer);
  if (!channel.WaitForConnected(GrpcDeadline(look_until))) {
    return absl::UnavailableError("the server's inbox cannot be reached");
  }
  internal::v1::AppendRequest request;
  request.mutable_items()->Add(items.begin(), items.end());
  internal::v1::AppendResponse response;
  grpc::ClientContext context;
  context.set_deadline(GrpcDeadline(deadline));
  const std::stop_callback cancel(stop, [&context] { context.TryCancel(); });
  const grpc::Status status = stub.Append(&context, request, &response);
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

}  // namespace

std::unique_ptr<InboxSink> MakeGrpcInboxSink(const std::string& address, HoldLimits limits) {
  const std::shared_ptr<grpc::Channel> channel = MakeChannel(address);
  const std::shared_ptr<InboxService::Stub> stub = InboxService::NewStub(channel);
  return std::make_unique<HoldingInboxSink>(
      [channel, stub](const std::vector<InboxItem>& items,
                      std::chrono::steady_clock::time_point deadline, std::stop_token stop) {
        return Append(*channel, *stub, items, deadline, stop);
      },
      limits);
}

}  // namespace callbridge::webhook
