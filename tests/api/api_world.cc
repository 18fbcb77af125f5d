#include "tests/api/api_world.h"

#include <absl/strings/str_format.h>

#include <chrono>
#include <utility>

#include "server/base/check.h"
#include "server/flow/step.h"
#include "server/settings/load.h"
#include "server/settings/plan_resolution.h"
#include "server/settings/session_settings.h"
#include "tests/api/change_signal.h"

namespace callbridge::tests {

config::v1::Settings TestSettings() {
  config::v1::Settings settings;
  settings.set_service_id("test");
  settings.mutable_grpc()->set_listen("127.0.0.1:0");
  config::v1::Account& account = (*settings.mutable_accounts())["default"];
  account.set_base_url("https://example.api.infobip.com");
  account.set_api_key_file("key");
  account.set_calls_configuration_id("configuration");
  settings.mutable_dialing()->set_default_number("+442070000001");
  settings.mutable_dialing()->add_allowed_prefixes("+44");
  settings.mutable_dialing()->add_denied_prefixes("+4499");
  return settings::EffectiveSettings(settings);
}

v1::StartBridgeRequest ClickToCall(const std::string& request_id) {
  v1::StartBridgeRequest request;
  request.set_request_id(request_id);
  request.mutable_caller()->mutable_dial()->mutable_phone()->set_number("+447700900001");
  request.add_callees()->mutable_endpoint()->mutable_phone()->set_number("447700900002");
  return request;
}

int StepAll(store::Store& store, base::Time now) {
  const auto works = store.NextSessions(now, 100, false);
  base::Check(works.ok(), "the store in memory does not fail");
  int consumed = 0;
  for (const store::DueSession& work : *works) {
    store::SessionCommit commit;
    commit.session_id = work.session_id;
    commit.expected_revision = work.revision;
    commit.session = work.session;
    commit.session.set_session_id(work.session_id);
    for (const store::WaitingInput& waiting : work.inputs) {
      store::ConsumedInput input;
      input.input_id = waiting.input_id;
      input.input = waiting.input;
      *input.input.mutable_step_time() = base::ToTimestamp(now);
      internal::v1::Transition transition = flow::Step(commit.session, input.input);
      input.has_reply = transition.has_reply();
      input.reply = transition.reply();
      input.ignored_reason = transition.ignored_reason();
      commit.consumed.push_back(std::move(input));
      commit.session = transition.session();
      commit.events.insert(commit.events.end(), transition.events().begin(),
                           transition.events().end());
      commit.commands.insert(commit.commands.end(), transition.commands().begin(),
                             transition.commands().end());
      commit.cancelled_commands.insert(commit.cancelled_commands.end(),
                                       transition.cancelled_commands().begin(),
                                       transition.cancelled_commands().end());
      if (transition.has_wake_time()) {
        commit.wake_time = base::FromTimestamp(transition.wake_time());
      }
      ++consumed;
    }
    const auto statuses = store.Commit({commit}, now);
    base::Check(statuses.ok() && statuses->front().ok(), "a step is committed");
  }
  return consumed;
}

Stepper::Stepper(store::Store& store, const base::Clock& clock)
    : store_(store), clock_(clock), thread_([this](const std::stop_token& stop) { Run(stop); }) {}

void Stepper::Run(const std::stop_token& stop) {
  const ChangeSignal signal(store_);
  while (!stop.stop_requested()) {
    const std::uint64_t seen = signal.changes();
    if (StepAll(store_, clock_.Now()) == 0) {
      signal.WaitForMoreThan(seen, std::chrono::milliseconds(50));
    }
  }
}

void SetDeadline(grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
}

OpenStream::OpenStream(v1::BridgeService::Stub& stub, const v1::StreamEventsRequest& request) {
  SetDeadline(context_);
  reader_ = stub.StreamEvents(&context_, request);
}

OpenStream::~OpenStream() {
  if (!finished_) {
    context_.TryCancel();
    // How a stream ends that its test gave up is of no interest.
    Finish();
  }
}

std::optional<v1::StreamEventsResponse> OpenStream::Next() {
  v1::StreamEventsResponse message;
  if (!reader_->Read(&message)) {
    return std::nullopt;
  }
  if (!message.resume_token().empty()) {
    last_token_ = message.resume_token();
  }
  if (message.has_event()) {
    events_.push_back(message.event());
  }
  return message;
}

std::optional<v1::StreamEventsResponse> OpenStream::NextBookmark(v1::Bookmark::Kind kind) {
  for (;;) {
    std::optional<v1::StreamEventsResponse> message = Next();
    if (!message.has_value() || (message->has_bookmark() && message->bookmark().kind() == kind)) {
      return message;
    }
  }
}

grpc::Status OpenStream::Finish() {
  while (Next().has_value()) {
  }
  finished_ = true;
  return reader_->Finish();
}

namespace {

std::shared_ptr<grpc::Channel> MakeChannel(int port, grpc::ChannelArguments arguments) {
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(absl::StrFormat("127.0.0.1:%d", port),
                                   grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

std::unique_ptr<v1::BridgeService::Stub> Connect(int port) {
  return v1::BridgeService::NewStub(MakeChannel(port, {}));
}

std::shared_ptr<grpc::Channel> ConnectWithSmallWindow(int port) {
  grpc::ChannelArguments arguments;
  // Otherwise the window grows with what the connection was seen to carry.
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  return MakeChannel(port, arguments);
}

ApiWorld::ApiWorld(config::v1::Settings with)
    : settings(std::move(with)),
      timing(settings::MakeSessionSettings(settings, "default").timing()),
      room({story.store(), rates, settings.limits(), timing,
            [this] { return free_disk_bytes.load(); }}),
      service({story.store(), settings, story.clock(), random_bits, room}) {
  api::ListenOptions options;
  options.address = settings.grpc().listen();
  auto started = api::GrpcListener::Start(options, {&service});
  base::Check(started.ok(), "a port of the loopback can be listened on");
  listener = std::move(*started);
  stub = Connect(listener->port());
}

std::string ApiWorld::OfferCall(const std::string& call_id) {
  const base::Time now = story.clock().Now();
  store::NewInput input;
  *input.input.mutable_receive_time() = base::ToTimestamp(now);
  internal::v1::IncomingCall& call = *input.input.mutable_incoming_call();
  call.set_arrangement(internal::v1::IncomingCall::ARRANGEMENT_OFFER);
  call.mutable_event()->set_type(internal::v1::ProviderEvent::TYPE_CALL_RECEIVED);
  call.mutable_event()->set_call_id(call_id);
  *call.mutable_event()->mutable_occur_time() = base::ToTimestamp(now);
  internal::v1::CallFacts& facts = *call.mutable_event()->mutable_call();
  facts.set_call_id(call_id);
  facts.set_state(internal::v1::CallFacts::STATE_RINGING);
  facts.set_direction(internal::v1::CallFacts::DIRECTION_INBOUND);
  facts.mutable_endpoint()->mutable_phone()->set_number("447700900003");
  facts.set_from("447700900003");
  facts.set_to("442070000001");
  *call.mutable_settings() = settings::MakeSessionSettings(settings, "default");
  input.call_id = call_id;
  input.creates_session_id = base::MakeSessionId(now, random_bits);
  const auto appended = story.store().AppendInputs({input}, now);
  base::Check(appended.ok() && appended->front().input_id != 0, "the call is stored");
  return appended->front().session_id;
}

grpc::Status ApiWorld::Start(const v1::StartBridgeRequest& request,
                             v1::StartBridgeResponse* response) {
  grpc::ClientContext context;
  SetDeadline(context);
  return stub->StartBridge(&context, request, response);
}

grpc::Status ApiWorld::Get(const std::string& session_id, v1::GetSessionResponse* response) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::GetSessionRequest request;
  request.set_session_id(session_id);
  return stub->GetSession(&context, request, response);
}

grpc::Status ApiWorld::End(const std::string& session_id, v1::EndSessionResponse* response) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::EndSessionRequest request;
  request.set_session_id(session_id);
  request.set_reason("no longer needed");
  return stub->EndSession(&context, request, response);
}

grpc::Status ApiWorld::List(const v1::ListSessionsRequest& request,
                            v1::ListSessionsResponse* response) {
  grpc::ClientContext context;
  SetDeadline(context);
  return stub->ListSessions(&context, request, response);
}

}  // namespace callbridge::tests
