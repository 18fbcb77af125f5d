// What tools without our protos learn from the server, in both versions of the protocol.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "server/api/grpc_listener.h"
#include "server/api/reflection_service.h"
#include "server/base/limits.h"
#include "tests/api/api_world.h"
#include "tests/api/error_reading.h"

namespace callbridge {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptorProto;
using tests::ApiWorld;

template <typename Service, typename Request, typename Response>
struct Version {
  using ServiceType = Service;
  using RequestType = Request;
  using ResponseType = Response;
};
using V1 =
    Version<grpc::reflection::v1::ServerReflection, grpc::reflection::v1::ServerReflectionRequest,
            grpc::reflection::v1::ServerReflectionResponse>;
using V1Alpha = Version<grpc::reflection::v1alpha::ServerReflection,
                        grpc::reflection::v1alpha::ServerReflectionRequest,
                        grpc::reflection::v1alpha::ServerReflectionResponse>;

template <typename V>
class Conversation {
 public:
  explicit Conversation(const ApiWorld& world)
      : stub_(V::ServiceType::NewStub(
            grpc::CreateChannel("127.0.0.1:" + std::to_string(world.listener->port()),
                                grpc::InsecureChannelCredentials()))) {
    tests::SetDeadline(context_);
    stream_ = stub_->ServerReflectionInfo(&context_);
  }

  typename V::ResponseType Ask(const typename V::RequestType& request) {
    typename V::ResponseType response;
    EXPECT_TRUE(stream_->Write(request));
    EXPECT_TRUE(stream_->Read(&response));
    EXPECT_EQ(response.original_request().SerializeAsString(), request.SerializeAsString());
    return response;
  }

  std::vector<std::string> Services() {
    typename V::RequestType request;
    request.set_list_services("*");
    std::vector<std::string> names;
    const typename V::ResponseType response = Ask(request);
    for (const auto& service : response.list_services_response().service()) {
      names.push_back(service.name());
    }
    return names;
  }

  grpc::Status End() {
    stream_->WritesDone();
    return stream_->Finish();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<typename V::ServiceType::Stub> stub_;
  std::unique_ptr<grpc::ClientReaderWriter<typename V::RequestType, typename V::ResponseType>>
      stream_;
};

template <typename V>
class ServerReflection : public testing::Test {};
using Versions = testing::Types<V1, V1Alpha>;
TYPED_TEST_SUITE(ServerReflection, Versions);

TYPED_TEST(ServerReflection, DescribesEveryServiceThatItLists) {
  ApiWorld world;
  Conversation<TypeParam> conversation(world);
  const std::vector<std::string> services = conversation.Services();
  EXPECT_THAT(services,
              testing::UnorderedElementsAre("callbridge.v1.BridgeService", "grpc.health.v1.Health",
                                            "grpc.reflection.v1.ServerReflection",
                                            "grpc.reflection.v1alpha.ServerReflection"));
  for (const std::string& service : services) {
    typename TypeParam::RequestType request;
    request.set_file_containing_symbol(service);
    const auto response = conversation.Ask(request);
    ASSERT_TRUE(response.has_file_descriptor_response()) << response.DebugString();
    // A pool of the tool's own, from nothing but the answer.
    DescriptorPool pool;
    std::vector<FileDescriptorProto> files;
    for (const std::string& bytes : response.file_descriptor_response().file_descriptor_proto()) {
      ASSERT_TRUE(files.emplace_back().ParseFromString(bytes));
      for (const auto& message : files.back().message_type()) {
        for (const auto& field : message.field()) {
          EXPECT_TRUE(field.has_json_name()) << message.name() << "." << field.name();
        }
      }
    }
    // Each round builds the files whose imports are there.
    for (std::size_t round = 0; round < files.size(); ++round) {
      for (const FileDescriptorProto& file : files) {
        const bool ready = std::all_of(
            file.dependency().begin(), file.dependency().end(),
            [&pool](const std::string& name) { return pool.FindFileByName(name) != nullptr; });
        if (ready && pool.FindFileByName(file.name()) == nullptr) pool.BuildFile(file);
      }
    }
    const auto* described = pool.FindServiceByName(service);
    ASSERT_NE(described, nullptr) << service;
    EXPECT_GT(described->method_count(), 0) << service;
  }
  EXPECT_TRUE(conversation.End().ok());
}

TYPED_TEST(ServerReflection, AnswersEveryKindOfQuestion) {
  ApiWorld world;
  Conversation<TypeParam> conversation(world);
  using Request = typename TypeParam::RequestType;
  Request by_name;
  by_name.set_file_by_filename("callbridge/v1/event.proto");
  EXPECT_TRUE(conversation.Ask(by_name).has_file_descriptor_response());
  Request by_method;
  by_method.set_file_containing_symbol("callbridge.v1.BridgeService.StartBridge");
  EXPECT_TRUE(conversation.Ask(by_method).has_file_descriptor_response());
  Request numbers;
  numbers.set_all_extension_numbers_of_type("callbridge.v1.Session");
  EXPECT_TRUE(conversation.Ask(numbers).has_all_extension_numbers_response());
  std::vector<Request> unknown(4);
  unknown[0].set_file_by_filename("no.proto");
  unknown[1].set_file_containing_symbol("no.Symbol");
  unknown[2].mutable_file_containing_extension()->set_containing_type("no.Type");
  unknown[3].set_all_extension_numbers_of_type("no.Type");
  for (const Request& request : unknown) {
    EXPECT_EQ(conversation.Ask(request).error_response().error_code(), grpc::StatusCode::NOT_FOUND);
  }
  EXPECT_EQ(conversation.Ask(Request()).error_response().error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TYPED_TEST(ServerReflection, IdleStreamsAreLimitedAndHoldUpNothing) {
  ApiWorld world;
  std::deque<Conversation<TypeParam>> idle;
  for (int i = 0; i < base::kReflectionStreamsMax; ++i) {
    EXPECT_FALSE(idle.emplace_back(world).Services().empty());
  }
  const grpc::Status status = Conversation<TypeParam>(world).End();
  EXPECT_EQ(tests::ReasonOf(status), "TOO_MANY_STREAMS");
  v1::ListSessionsResponse response;
  EXPECT_TRUE(world.List({}, &response).ok());
  EXPECT_TRUE(idle.front().End().ok());
  idle.pop_front();
  // The place is free as soon as the server has let go of the stream.
  bool free = false;
  while (!free) free = Conversation<TypeParam>(world).End().ok();
}

TEST(ReflectionService, LetsGoOfAnOldStreamWhoseClientReadsNothing) {
  using std::chrono::seconds;
  api::ReflectionService<api::ReflectionV1> reflection({}, seconds(1));
  api::ListenOptions options;
  options.address = "127.0.0.1:0";
  options.reflection = false;
  const auto listener = api::GrpcListener::Start(options, {&reflection});
  ASSERT_TRUE(listener.ok()) << listener.status();
  const auto stub = V1::ServiceType::NewStub(tests::ConnectWithSmallWindow((*listener)->port()));
  grpc::ClientContext context;
  tests::SetDeadline(context);
  // The question comes with the beginning of the stream, long before its end.
  context.set_initial_metadata_corked(true);
  const auto stream = stub->ServerReflectionInfo(&context);
  V1::RequestType question;
  // The answer repeats it twice: several times as much as what the client takes unread.
  question.set_host(std::string(200'000, 'x'));
  ASSERT_TRUE(stream->Write(question));
  stream->WaitForInitialMetadata();
  const auto longest = std::chrono::steady_clock::now() + seconds(30);
  while (reflection.open_streams() > 0 && std::chrono::steady_clock::now() < longest) {
    std::this_thread::yield();
  }
  EXPECT_EQ(reflection.open_streams(), 0);
  context.TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

}  // namespace
}  // namespace callbridge
