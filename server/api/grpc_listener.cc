#include "server/api/grpc_listener.h"

#include <absl/strings/match.h>
#include <absl/strings/str_format.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <chrono>
#include <string>
#include <utility>

#include "callbridge/v1/bridge_service.grpc.pb.h"
#include "server/api/grpc_edge.h"
#include "server/api/health_service.h"
#include "server/api/reflection_service.h"
#include "server/base/ingress_limits.h"
#include "server/settings/files.h"

namespace callbridge::api {
namespace {

// gRPC's own pollers and listeners count as threads of the quota.
constexpr int kPollersMax = 2;

int Milliseconds(base::Duration duration) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

absl::StatusOr<std::string> ReadPem(const std::string& path) {
  absl::StatusOr<std::string> content = settings::ReadTextFile(path, settings::kPemBytesMax);
  if (!content.ok() || content->empty()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("The TLS file %s cannot be used: %s.", path,
                        content.ok() ? "it is empty" : std::string(content.status().message())));
  }
  return content;
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeCredentials(
    const std::optional<config::v1::Tls>& tls, std::chrono::seconds refresh) {
  if (!tls.has_value()) {
    return grpc::InsecureServerCredentials();
  }
  const absl::StatusOr<std::string> certificate = ReadPem(tls->certificate_file());
  const absl::StatusOr<std::string> key = ReadPem(tls->key_file());
  const absl::StatusOr<std::string> authority = ReadPem(tls->client_ca_file());
  for (const auto* file : {&certificate, &key, &authority}) {
    if (!file->ok()) {
      return file->status();
    }
  }
  // The watcher reads the files again when they change, because certificates are renewed long
  // before a server is restarted.
  auto watcher = std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      tls->key_file(), tls->certificate_file(), tls->client_ca_file(),
      static_cast<unsigned>(refresh.count()));
  grpc::experimental::TlsServerCredentialsOptions options(watcher);
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return grpc::experimental::TlsServerCredentials(options);
}

void SetLimits(const ListenOptions& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(options.request_bytes_max);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, base::kMetadataBytesMax);
  // gRPC checks a message's size after it has inflated it, and 250 KiB may become 250 MiB.
  // Therefore no message is inflated, and a compressed request is refused.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  for (const grpc_compression_algorithm algorithm : {GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_GZIP}) {
    builder.SetCompressionAlgorithmSupportStatus(algorithm, false);
  }
  builder.SetResourceQuota(
      grpc::ResourceQuota("callbridge").SetMaxThreads(base::kInboxThreadsMax + kPollersMax));
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
  // Without this, a second server on the same port would share it instead of failing.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
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
      MakeCredentials(options.tls, options.tls_refresh);
  if (!credentials.ok()) {
    return credentials.status();
  }
  std::unique_ptr<GrpcListener> listener(new GrpcListener(options));
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(options.address, *credentials, &port);
  SetLimits(options, builder);
  SetKeepalive(builder);
  for (grpc::Service* service : services) {
    builder.RegisterService(service);
  }
  for (const std::unique_ptr<grpc::Service>& service : listener->own_services_) {
    builder.RegisterService(service.get());
  }
  listener->server_ = builder.BuildAndStart();
  const bool is_unix = absl::StartsWith(options.address, "unix:");
  if (listener->server_ == nullptr || port == 0) {
    return absl::UnavailableError(absl::StrFormat(
        "Cannot listen on %s; is it in use, or not an address of this machine?", options.address));
  }
  listener->port_ = is_unix ? 0 : port;
  return listener;
}

GrpcListener::GrpcListener(const ListenOptions& options)
    : own_health_(no_clock_), health_(options.health == nullptr ? own_health_ : *options.health) {
  own_services_.push_back(std::make_unique<HealthService>(health_));
  if (options.reflection) {
    const std::vector<std::string> served = {
        v1::BridgeService::service_full_name(), grpc::health::v1::Health::service_full_name(),
        grpc::reflection::v1::ServerReflection::service_full_name(),
        grpc::reflection::v1alpha::ServerReflection::service_full_name()};
    own_services_.push_back(std::make_unique<ReflectionService<ReflectionV1>>(served));
    own_services_.push_back(std::make_unique<ReflectionService<ReflectionV1Alpha>>(served));
  }
}

GrpcListener::~GrpcListener() { Shutdown(base::Duration::zero()); }

void GrpcListener::SetNotServing() { health_.Drain(); }

void GrpcListener::Shutdown(base::Duration grace) {
  if (server_ == nullptr || std::exchange(shut_down_, true)) {
    return;
  }
  server_->Shutdown(SteadyIn(grace));
  server_->Wait();
}

}  // namespace callbridge::api
