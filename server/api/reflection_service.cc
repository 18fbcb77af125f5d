#include "server/api/reflection_service.h"

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <grpcpp/alarm.h>

#include <set>
#include <utility>

#include "server/api/errors.h"
#include "server/api/grpc_edge.h"
#include "server/api/refused.h"
#include "server/base/limits.h"

namespace callbridge::api {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;

// Adds the file and all files that it needs, each once.
template <typename Response>
void AddFiles(const FileDescriptor& file, std::set<const FileDescriptor*>& added,
              Response& response) {
  if (!added.insert(&file).second) {
    return;
  }
  google::protobuf::FileDescriptorProto proto;
  file.CopyTo(&proto);
  file.CopyJsonNameTo(&proto);
  response.mutable_file_descriptor_response()->add_file_descriptor_proto(proto.SerializeAsString());
  for (int i = 0; i < file.dependency_count(); ++i) {
    AddFiles(*file.dependency(i), added, response);
  }
}

template <typename Response>
void AnswerWithFile(const FileDescriptor* file, const std::string& name, Response& response) {
  if (file == nullptr) {
    auto& error = *response.mutable_error_response();
    error.set_error_code(static_cast<int>(grpc::StatusCode::NOT_FOUND));
    error.set_error_message(name + " is not known to this server");
    return;
  }
  std::set<const FileDescriptor*> added;
  AddFiles(*file, added, response);
}

template <typename Version>
typename Version::Response AnswerTo(const typename Version::Request& request,
                                    const std::vector<std::string>& services) {
  using Request = typename Version::Request;
  typename Version::Response response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  switch (request.message_request_case()) {
    case Request::kListServices:
      for (const std::string& service : services) {
        response.mutable_list_services_response()->add_service()->set_name(service);
      }
      break;
    case Request::kFileByFilename:
      AnswerWithFile(pool.FindFileByName(request.file_by_filename()), request.file_by_filename(),
                     response);
      break;
    case Request::kFileContainingSymbol:
      AnswerWithFile(pool.FindFileContainingSymbol(request.file_containing_symbol()),
                     request.file_containing_symbol(), response);
      break;
    case Request::kFileContainingExtension:
      AnswerWithFile<typename Version::Response>(
          nullptr, request.file_containing_extension().containing_type(), response);
      break;
    case Request::kAllExtensionNumbersOfType: {
      // No message of this API has extensions, so a known type gets an empty list.
      const std::string& type = request.all_extension_numbers_of_type();
      if (pool.FindMessageTypeByName(type) == nullptr) {
        AnswerWithFile(nullptr, type, response);
      } else {
        response.mutable_all_extension_numbers_response()->set_base_type_name(type);
      }
      break;
    }
    case Request::MESSAGE_REQUEST_NOT_SET: {
      auto& error = *response.mutable_error_response();
      error.set_error_code(static_cast<int>(grpc::StatusCode::INVALID_ARGUMENT));
      error.set_error_message("message_request: is required");
      break;
    }
  }
  return response;
}

// One conversation with a client, which asks a question and gets its answer before it asks the next
// one. One operation runs at a time.
template <typename Version>
class ReflectionStream final
    : public grpc::ServerBidiReactor<typename Version::Request, typename Version::Response>,
      public std::enable_shared_from_this<ReflectionStream<Version>> {
 public:
  ReflectionStream(grpc::CallbackServerContext* context, const std::vector<std::string>& services,
                   std::shared_ptr<std::atomic<int>> open_streams)
      : context_(context), services_(services), open_streams_(std::move(open_streams)) {}

  ~ReflectionStream() override { --*open_streams_; }

  // Begins to read before gRPC gets the stream. The stream ends after `longest`.
  void Begin(base::Duration longest) {
    {
      absl::MutexLock lock(&mutex_);
      self_ = this->shared_from_this();
      // The reference is weak, because the alarm keeps its closure for as long as the stream keeps
      // the alarm.
      alarm_.Set(SteadyIn(longest), [weak = this->weak_from_this()](bool rang) {
        const auto stream = rang ? weak.lock() : nullptr;
        if (stream != nullptr) {
          stream->OnAge();
        }
      });
    }
    this->StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      End(grpc::Status::OK);
      return;
    }
    absl::MutexLock lock(&mutex_);
    if (ended_) {
      return;
    }
    response_ = AnswerTo<Version>(request_, services_);
    writing_ = true;
    this->StartWrite(&response_);
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok) {
      EndLocked(CallerGone());
    } else if (!ended_) {
      this->StartRead(&request_);
    }
  }

  void OnCancel() override { End(CallerGone()); }

  void OnDone() override {
    alarm_.Cancel();
    std::shared_ptr<ReflectionStream> self;
    absl::MutexLock lock(&mutex_);
    self = std::move(self_);
  }

 private:
  void End(const grpc::Status& status) {
    absl::MutexLock lock(&mutex_);
    EndLocked(status);
  }

  void EndLocked(const grpc::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!std::exchange(ended_, true)) {
      this->Finish(status);
    }
  }

  void OnAge() {
    absl::MutexLock lock(&mutex_);
    if (ended_) {
      return;
    }
    EndLocked(ToGrpcStatus(StreamAge()));
    if (writing_) {
      // The status waits behind an answer that the client does not take, so the stream is reset.
      // The context exists until OnDone, which waits for the lock.
      context_->TryCancel();
    }
  }

  grpc::CallbackServerContext* const context_;
  const std::vector<std::string>& services_;
  const std::shared_ptr<std::atomic<int>> open_streams_;
  // gRPC uses the request and the response while it reads or writes.
  typename Version::Request request_;
  typename Version::Response response_;
  grpc::Alarm alarm_;
  absl::Mutex mutex_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  // Keeps the stream alive until gRPC's OnDone.
  std::shared_ptr<ReflectionStream> self_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

template <typename Version>
ReflectionService<Version>::ReflectionService(std::vector<std::string> services,
                                              base::Duration age_max)
    : services_(std::move(services)),
      age_max_(age_max),
      open_streams_(std::make_shared<std::atomic<int>>(0)) {}

template <typename Version>
grpc::ServerBidiReactor<typename Version::Request, typename Version::Response>*
ReflectionService<Version>::ServerReflectionInfo(grpc::CallbackServerContext* context) {
  if (++*open_streams_ > base::kReflectionStreamsMax) {
    --*open_streams_;
    using Reactor = grpc::ServerBidiReactor<typename Version::Request, typename Version::Response>;
    return new Refused<Reactor>(TooManyStreams(base::kReflectionStreamsMax));
  }
  auto stream = std::make_shared<ReflectionStream<Version>>(context, services_, open_streams_);
  stream->Begin(age_max_);
  return stream.get();
}

template class ReflectionService<ReflectionV1>;
template class ReflectionService<ReflectionV1Alpha>;

}  // namespace callbridge::api
