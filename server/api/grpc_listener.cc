#include "server/api/grpc_listener.h"

#include <absl/strings/match.h>
#include <absl/strings/str_format.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>

#include <chrono>
#include <fstream>
#include <mutex>
#include <sstream>
#include <utility>

namespace callbridge::api {
namespace {

// gRPC's own pollers and listeners count as threads of the quota.
constexpr int kPollersMax = 2;

int Milliseconds(base::Duration duration) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file || content.str().empty()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("The TLS file %s cannot be read or is empty.", path));
  }
  return std::move(content).str();
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeCredentials(
    const std::optional<config::v1::Tls>& tls) {
  if (!tls.has_value()) {
    return grpc::InsecureServerCredentials();
  }
  const absl::StatusOr<std::string> certificate = ReadFile(tls->certificate_file());
  const absl::StatusOr<std::string> key = ReadFile(tls->key_file());
  const absl::StatusOr<std::string> authority = ReadFile(tls->client_ca_file());
  for (const auto* file : {&certificate, &key, &authority}) {
    if (!file->ok()) {
      return file->status();
    }
  }
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = *authority;
  options.pem_key_cert_pairs.push_back({*key, *certificate});
  return grpc::SslServerCredentials(options);
}

void SetLimits(const ListenOptions& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(options.request_bytes_max);
  builder.SetResourceQuota(
      grpc::ResourceQuota("callbridge").SetMaxThreads(base::kUnaryThreadsMax + kPollersMax));
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, kPollersMax);
}

void SetKeepalive(grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(base::kKeepaliveTime));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Milliseconds(base::kKeepaliveTimeout));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             Milliseconds(base::kClientPingIntervalMin));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, Milliseconds(base::kConnectionAgeMax));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                             Milliseconds(base::kConnectionAgeGrace));
  // A second server on the same port must fail, not share it.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

// Both switches are gRPC's, for the whole process.
void EnableHealth() {
  static std::once_flag once;
  std::call_once(once, [] { grpc::EnableDefaultHealthCheckService(true); });
}

void EnableReflection() {
  static std::once_flag once;
  std::call_once(once, [] { grpc::reflection::InitProtoReflectionServerBuilderPlugin(); });
}

}  // namespace

ListenOptions InboxListenOptions(std::string address) {
  ListenOptions options;
  options.address = std::move(address);
  options.request_bytes_max = base::kInboxRequestBytesMax;
  options.reflection = false;
  return options;
}

absl::StatusOr<std::unique_ptr<GrpcListener>> GrpcListener::Start(
    const ListenOptions& options, const std::vector<grpc::Service*>& services) {
  absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> credentials =
      MakeCredentials(options.tls);
  if (!credentials.ok()) {
    return credentials.status();
  }
  EnableHealth();
  if (options.reflection) {
    EnableReflection();
  }
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(options.address, *credentials, &port);
  SetLimits(options, builder);
  SetKeepalive(builder);
  for (grpc::Service* service : services) {
    builder.RegisterService(service);
  }
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  const bool is_unix = absl::StartsWith(options.address, "unix:");
  if (server == nullptr || port == 0) {
    return absl::UnavailableError(absl::StrFormat(
        "Cannot listen on %s; is it in use, or not an address of this machine?", options.address));
  }
  return std::unique_ptr<GrpcListener>(new GrpcListener(std::move(server), is_unix ? 0 : port));
}

GrpcListener::GrpcListener(std::unique_ptr<grpc::Server> server, int port)
    : server_(std::move(server)), port_(port) {}

GrpcListener::~GrpcListener() { Shutdown(base::Duration::zero()); }

void GrpcListener::SetNotServing() {
  if (auto* health = server_->GetHealthCheckService(); health != nullptr) {
    // Unlike SetServingStatus(false) this stays, whatever is set later.
    health->Shutdown();
  }
}

void GrpcListener::Shutdown(base::Duration grace) {
  if (std::exchange(shut_down_, true)) {
    return;
  }
  // By the monotonic clock: one that is set meanwhile neither cuts nor prolongs the grace.
  server_->Shutdown(
      gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_nanos(grace.count(), GPR_TIMESPAN)));
  server_->Wait();
}

}  // namespace callbridge::api
