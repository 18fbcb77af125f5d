// A request_id that comes again with anything else in the request is a reuse: every field that the
// request may have is changed in turn, found by reflection, so that a field of a later release is
// tested on the day it is added.
#include "server/api/request_digest.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "tests/api/api_world.h"
#include "tests/api/error_reading.h"

namespace callbridge {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Another value than the one it has.
void ChangeScalar(Message& message, const FieldDescriptor* field) {
  const Reflection& reflection = *message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      reflection.SetString(&message, field, reflection.GetString(message, field) + "x");
      return;
    case FieldDescriptor::CPPTYPE_BOOL:
      reflection.SetBool(&message, field, !reflection.GetBool(message, field));
      return;
    case FieldDescriptor::CPPTYPE_INT32:
      reflection.SetInt32(&message, field, reflection.GetInt32(message, field) + 1);
      return;
    case FieldDescriptor::CPPTYPE_INT64:
      reflection.SetInt64(&message, field, reflection.GetInt64(message, field) + 1);
      return;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      reflection.SetDouble(&message, field, reflection.GetDouble(message, field) + 1);
      return;
    case FieldDescriptor::CPPTYPE_ENUM:
      reflection.SetEnumValue(&message, field, reflection.GetEnumValue(message, field) + 1);
      return;
    default:
      FAIL() << field->full_name() << " has a type that this test does not know";
  }
}

// Calls check with each change of one field of message, which is a part of the root that check
// knows.
void ForEachChange(Message& message, const std::string& path,
                   const std::function<void(const std::string&)>& check) {
  const std::unique_ptr<Message> as_it_was(message.New());
  as_it_was->CopyFrom(message);
  const Reflection& reflection = *message.GetReflection();
  const auto* descriptor = message.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    const std::string here = path + "." + field->name();
    const auto try_and_undo = [&](const std::string& what) {
      check(here + what);
      message.CopyFrom(*as_it_was);
    };
    if (field->is_map()) {
      // The first key that is not there yet; its value is empty.
      Message* entry = reflection.AddMessage(&message, field);
      entry->GetReflection()->SetString(entry, entry->GetDescriptor()->FindFieldByName("key"),
                                        "new");
      try_and_undo(" gets an entry");
    } else if (field->is_repeated()) {
      ASSERT_EQ(field->cpp_type(), FieldDescriptor::CPPTYPE_MESSAGE) << here;
      reflection.AddMessage(&message, field);
      try_and_undo(" gets an element");
      if (reflection.FieldSize(message, field) > 0) {
        ForEachChange(*reflection.MutableRepeatedMessage(&message, field, 0), here + "[0]", check);
        message.CopyFrom(*as_it_was);
        reflection.RemoveLast(&message, field);
        try_and_undo(" loses an element");
      }
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const bool was_there = reflection.HasField(message, field);
      Message* part = reflection.MutableMessage(&message, field);
      if (!was_there) check(here + " is there, and empty");
      ForEachChange(*part, here, check);
      message.CopyFrom(*as_it_was);
      if (was_there) {
        reflection.ClearField(&message, field);
        try_and_undo(" is gone");
      }
    } else {
      ChangeScalar(message, field);
      try_and_undo(" is another");
    }
  }
}

TEST(RequestDigest, IgnoresValidateOnlyAndNothingElse) {
  v1::StartBridgeRequest request = tests::ClickToCall("r-1");
  const std::string digest = api::RequestDigest(request);
  EXPECT_EQ(digest.size(), 32U);
  request.set_validate_only(true);
  EXPECT_EQ(api::RequestDigest(request), digest);
  request.mutable_callees(0)->mutable_ring_timeout()->set_seconds(20);
  EXPECT_NE(api::RequestDigest(request), digest);
}

TEST(RequestDigest, OfAnUpdateIgnoresValidateOnlyToo) {
  v1::UpdateLegRequest request;
  request.set_session_id("s_1");
  request.set_muted(true);
  const std::string digest = api::RequestDigest(request);
  request.set_validate_only(true);
  EXPECT_EQ(api::RequestDigest(request), digest);
  request.set_muted(false);
  EXPECT_NE(api::RequestDigest(request), digest);
}

TEST(RequestDigest, TellsAReuseByAnyFieldOfTheRequest) {
  tests::ApiWorld world;
  world.StartWorker();
  v1::StartBridgeRequest request = tests::ClickToCall("r-1");
  request.mutable_plan()->mutable_greeting()->set_text("hello");
  (*request.mutable_labels())["team"] = "a";
  v1::StartBridgeResponse first;
  ASSERT_TRUE(world.Start(request, &first).ok());
  v1::StartBridgeRequest changed = request;
  int changes = 0;
  ForEachChange(changed, "request", [&](const std::string& what) {
    v1::StartBridgeResponse response;
    const grpc::Status status = world.Start(changed, &response);
    if (changed.request_id() != request.request_id()) return;
    ++changes;
    // To try a request out first, and then to send it, is no reuse.
    if (what == "request.validate_only is another") {
      EXPECT_TRUE(status.ok()) << status.error_message();
    } else {
      EXPECT_EQ(tests::ReasonOf(status), "REQUEST_ID_REUSED") << what;
    }
  });
  EXPECT_GT(changes, 60);
  v1::StartBridgeResponse again;
  ASSERT_TRUE(world.Start(request, &again).ok());
  EXPECT_TRUE(again.replayed());
  EXPECT_EQ(again.session().session_id(), first.session().session_id());
}

}  // namespace
}  // namespace callbridge
