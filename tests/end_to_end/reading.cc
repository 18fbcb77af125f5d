#include "tests/end_to_end/reading.h"

#include <absl/strings/strip.h>
#include <google/protobuf/descriptor.h>

#include <numeric>

namespace callbridge::end_to_end {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string Word(const std::string& name, std::string_view prefix) {
  return " " + std::string(absl::StripPrefix(name, std::string(prefix)));
}

// The leg of an event, whichever way it names it.
std::string LegOf(const Message& body) {
  const auto& reflection = *body.GetReflection();
  const FieldDescriptor* leg = body.GetDescriptor()->FindFieldByName("leg");
  if (leg != nullptr && leg->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    return LegOf(reflection.GetMessage(body, leg));
  }
  const FieldDescriptor* leg_id = body.GetDescriptor()->FindFieldByName("leg_id");
  if (leg_id == nullptr) return "";
  const std::string id = reflection.GetString(body, leg_id);
  return id.empty() ? "" : " " + id;
}

std::string OutcomeText(const v1::Outcome& outcome) {
  return Word(v1::Outcome::Result_Name(outcome.result()), "RESULT_") +
         Word(v1::EndReason_Name(outcome.reason()), "END_REASON_");
}

std::string PromptText(v1::PromptKind prompt) {
  return Word(v1::PromptKind_Name(prompt), "PROMPT_KIND_");
}

std::string DetailsOf(const v1::SessionEvent& event) {
  using Finished = v1::PromptFinished;
  if (event.has_prompt_started()) return PromptText(event.prompt_started().prompt());
  if (event.has_prompt_finished()) {
    const Finished& finished = event.prompt_finished();
    return PromptText(finished.prompt()) +
           Word(Finished::Completion_Name(finished.completion()), "COMPLETION_");
  }
  if (event.has_leg_ended()) {
    const v1::Leg& leg = event.leg_ended().leg();
    return " " + leg.leg_id() + Word(v1::EndReason_Name(leg.end().reason()), "END_REASON_");
  }
  if (event.has_session_ending()) return OutcomeText(event.session_ending().outcome());
  if (event.has_session_ended()) return OutcomeText(event.session_ended().session().outcome());
  return "";
}

v1::StreamEventsRequest OfSession(const std::string& session_id) {
  v1::StreamEventsRequest request;
  request.set_session_id(session_id);
  request.set_position(v1::START_POSITION_BEGINNING);
  request.set_detail(v1::SessionEvent::DETAIL_DIAGNOSTIC);
  return request;
}

// A connection to a server that was killed may be found broken only by the first request on it.
Reading ReadSession(v1::BridgeService::Stub& stub, const std::string& session_id,
                    const Until& until) {
  Reading reading = Read(stub, OfSession(session_id), until);
  if (reading.events.empty() && reading.status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    reading = Read(stub, OfSession(session_id), until);
  }
  return reading;
}

}  // namespace

std::string Describe(const v1::SessionEvent& event) {
  const auto& reflection = *event.GetReflection();
  const FieldDescriptor* field = reflection.GetOneofFieldDescriptor(
      event, v1::SessionEvent::descriptor()->FindOneofByName("event"));
  if (field == nullptr) return "nothing";
  const std::string details = DetailsOf(event);
  return field->name() + (details.empty() ? LegOf(reflection.GetMessage(event, field)) : details);
}

std::vector<std::string> Reading::Story() const {
  std::vector<std::string> story;
  for (const v1::SessionEvent& event : events) {
    if (event.detail() != v1::SessionEvent::DETAIL_DIAGNOSTIC) story.push_back(Describe(event));
  }
  return story;
}

std::vector<int> Reading::Sequences() const {
  std::vector<int> sequences;
  for (const v1::SessionEvent& event : events) sequences.push_back(event.sequence());
  return sequences;
}

v1::Outcome Reading::Outcome() const {
  if (events.empty() || !events.back().has_session_ended()) return {};
  return events.back().session_ended().session().outcome();
}

Reading Read(v1::BridgeService::Stub& stub, const v1::StreamEventsRequest& request,
             const Until& until, std::chrono::milliseconds limit) {
  Reading reading;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + limit);
  context.set_wait_for_ready(true);
  const auto reader = stub.StreamEvents(&context, request);
  v1::StreamEventsResponse response;
  while (!reading.found && reader->Read(&response)) {
    if (!response.resume_token().empty()) reading.token = response.resume_token();
    if (response.has_event()) reading.events.push_back(response.event());
    if (response.has_bookmark()) reading.bookmarks.push_back(response.bookmark());
    reading.found = until(response);
  }
  if (reading.found) context.TryCancel();
  reading.status = reader->Finish();
  return reading;
}

Reading ReadUntil(v1::BridgeService::Stub& stub, const std::string& session_id,
                  const std::string& description) {
  Reading reading = ReadSession(stub, session_id, [&](const v1::StreamEventsResponse& response) {
    return response.has_event() && Describe(response.event()).starts_with(description);
  });
  EXPECT_TRUE(reading.found) << "\"" << description << "\" never came; "
                             << reading.status.error_message() << "\n"
                             << testing::PrintToString(reading.Story());
  return reading;
}

Reading ReadToEnd(v1::BridgeService::Stub& stub, const std::string& session_id) {
  Reading reading = ReadSession(stub, session_id, [](const auto&) { return false; });
  EXPECT_TRUE(reading.status.ok()) << reading.status.error_message() << "\n"
                                   << testing::PrintToString(reading.Story());
  EXPECT_EQ(reading.Sequences(), FirstNumbers(reading.events.size()));
  return reading;
}

std::vector<int> FirstNumbers(std::size_t count) {
  std::vector<int> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 1);
  return numbers;
}

}  // namespace callbridge::end_to_end
