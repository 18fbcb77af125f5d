#include "tests/simulation/reader.h"

#include <absl/strings/str_cat.h>

#include <chrono>
#include <utility>

#include "server/api/session_requests.h"
#include "server/api/stream_request.h"
#include "server/flow/public_view.h"
#include "tests/simulation/world.h"

namespace callbridge::simulation {
namespace {

using std::chrono::milliseconds;

}  // namespace

Reader::Reader(int number, World& world, simulator::Random& random, Scope scope)
    : name_(absl::StrCat("reader-", number)), world_(world), random_(random), scope_(scope) {}

std::int32_t Reader::LastOf(const internal::v1::Session& session) const {
  const bool ends_early = scope_ == Scope::kFirstSession && session.has_ended();
  return ends_early ? flow::EndedSequence(session) : session.sequence();
}

void Reader::Read() {
  if (cursor_ && (!server_->awake() || server_->lives() != life_)) Lose();
  if (cursor_ || Connect()) TakeBatch();
  world_.After(milliseconds(50 + random_.Next() % 700), [this] { Read(); });
}

bool Reader::Connect() {
  if (scope_ == Scope::kFirstSession && session_id_.empty()) {
    session_id_ = world_.session().session_id();
    if (session_id_.empty()) return false;
  }
  server_ = world_.AnyServer(random_);
  if (server_ == nullptr) return false;
  v1::StreamEventsRequest request;
  request.set_session_id(session_id_);
  request.set_detail(v1::SessionEvent::DETAIL_DIAGNOSTIC);
  if (token_.empty()) {
    request.set_position(v1::START_POSITION_BEGINNING);
  } else {
    request.set_resume_token(token_);
  }
  auto wish = api::ReadStreamRequest(request);
  if (!wish.ok()) {
    world_.checker().Fail(
        23, absl::StrCat(name_, ": its token is refused: ", std::string(wish.status().message())));
    return false;
  }
  life_ = server_->lives();
  cursor_.emplace(server_->store(), *std::move(wish), server_->clock().Now());
  return true;
}

void Reader::TakeBatch() {
  // Cut off in the middle of a batch now and then.
  const bool cut = random_.Chance(0.15);
  caught_up_ = false;
  world_.Run(*server_, [&] {
    api::EventCursor::Batch batch = cursor_->Next(server_->clock().Now());
    std::size_t taken = batch.messages.size();
    if (cut && taken > 0) taken = random_.Next() % taken;
    for (std::size_t i = 0; i < taken; ++i) Take(batch.messages[i]);
    caught_up_ = batch.drained && taken == batch.messages.size();
    if (batch.end && absl::IsOutOfRange(*batch.end)) {
      world_.checker().Fail(23, name_ + ": its token is too old, and nothing was deleted");
    }
    if (batch.end || cut) Lose();
  });
}

void Reader::Take(const v1::StreamEventsResponse& message) {
  if (message.resume_token().empty()) {
    world_.checker().Fail(23, name_ + ": a message has no token");
  }
  token_ = message.resume_token();
  if (!message.has_event()) return;
  const v1::SessionEvent& event = message.event();
  std::int32_t& seen = seen_[event.session_id()];
  if (event.sequence() != seen + 1) {
    world_.checker().Fail(23, absl::StrCat(name_, ": ", event.session_id(), " event ",
                                           event.sequence(), " follows ", seen));
  }
  seen = event.sequence();
  std::optional<std::int32_t> version;
  v1::GetSessionRequest get;
  get.set_session_id(event.session_id());
  const auto session = api::FindSession(server_->store(), get);
  if (session.ok()) version = session->version();
  world_.checker().OnEventSeen(event, version);
}

void Reader::Lose() {
  cursor_.reset();
  world_.trace().Note(world_.now(), name_, "lost its connection");
}

}  // namespace callbridge::simulation
