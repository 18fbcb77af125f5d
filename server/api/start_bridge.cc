#include "server/api/start_bridge.h"

#include <optional>
#include <utility>
#include <vector>

#include "server/api/errors.h"
#include "server/api/field_check.h"
#include "server/api/one_input.h"
#include "server/api/request_digest.h"
#include "server/flow/public_view.h"
#include "server/flow/step.h"

namespace callbridge::api {
namespace {

using store::Appended;
using store::NewInput;

absl::Status StepRefusal(v1::ErrorReason reason, const std::string& session_id) {
  switch (reason) {
    case v1::ERROR_REASON_UNSPECIFIED:
      return absl::OkStatus();
    case v1::ERROR_REASON_OFFER_TAKEN:
      return OfferTaken(session_id);
    case v1::ERROR_REASON_OFFER_GONE:
      return OfferGone(session_id);
    default:
      return MakeError(absl::StatusCode::kFailedPrecondition,
                       "The session did not accept the request.",
                       {.reason = reason, .metadata = {{"session_id", session_id}}});
  }
}

}  // namespace

BridgeStarter::BridgeStarter(store::Roles<store::Inbox, store::Sessions> store,
                             const config::v1::Settings& settings, admission::Room& room,
                             const base::Clock& clock, base::RandomBits& random_bits)
    : inbox_(store.get<store::Inbox>()),
      sessions_(store.get<store::Sessions>()),
      settings_(settings),
      room_(room),
      rules_(settings),
      clock_(clock),
      random_bits_(random_bits) {}

absl::StatusOr<BridgeStarter::Begun> BridgeStarter::Begin(const v1::StartBridgeRequest& request,
                                                          const Asker& asker) {
  settings::Findings findings;
  CheckRequestId(request.request_id(), findings);
  const std::string digest = RequestDigest(request);
  if (findings.violations.empty()) {
    absl::StatusOr<Claim> known = FindClaim(request, digest);
    if (known.ok()) {
      return *std::move(known);
    }
    if (!absl::IsNotFound(known.status())) {
      return known.status();
    }
  }
  const base::Time now = clock_.Now();
  const absl::StatusOr<CheckedStart> checked =
      CheckStartBridge(request, settings_, rules_, asker, now);
  if (!checked.ok()) {
    return checked.status();
  }
  absl::StatusOr<admission::Room::Answers> room = room_.Ask({WishOf(*checked)}, now);
  if (!room.ok()) {
    return room.status();
  }
  const absl::Status refusal = RefusalOf(room->answers.front(), settings_.limits());
  if (!refusal.ok()) {
    return refusal;
  }
  if (request.validate_only()) {
    absl::StatusOr<v1::StartBridgeResponse> preview = Preview(*checked, now);
    if (!preview.ok()) {
      return preview.status();
    }
    return *std::move(preview);
  }
  absl::StatusOr<Claim> claim = Append(request, *checked, digest, now);
  // If the store has taken the request, it counts the session from here on. So the places that were
  // held for it are released.
  room->places = {};
  if (!claim.ok()) {
    return claim.status();
  }
  if (!claim->replayed) {
    claim->warnings = checked->warnings;
  }
  return *std::move(claim);
}

absl::StatusOr<BridgeStarter::Claim> BridgeStarter::FindClaim(const v1::StartBridgeRequest& request,
                                                              const std::string& digest) {
  std::string known_digest;
  const absl::StatusOr<std::string> session_id =
      sessions_.FindRequest(request.request_id(), &known_digest);
  if (!session_id.ok()) {
    return session_id.status();
  }
  if (known_digest != digest) {
    return RequestIdReused(*session_id);
  }
  // Appending the same request_id again stores no input and names the input that owns it. If its
  // session is deleted at this very moment, no input is stored either, because the session must
  // exist.
  NewInput probe;
  probe.session_id = *session_id;
  probe.request_id = request.request_id();
  probe.request_digest = digest;
  const absl::StatusOr<Appended> appended = AppendOne(inbox_, std::move(probe), clock_.Now());
  if (!appended.ok()) {
    return appended.status();
  }
  if (appended->result != Appended::Result::kRequestKnown) {
    return absl::NotFoundError("the request's session was deleted");
  }
  return Claim{appended->session_id, appended->input_id, true};
}

absl::StatusOr<BridgeStarter::Claim> BridgeStarter::Append(const v1::StartBridgeRequest& request,
                                                           const CheckedStart& checked,
                                                           const std::string& digest,
                                                           base::Time now) {
  NewInput input;
  *input.input.mutable_receive_time() = base::ToTimestamp(now);
  *input.input.mutable_start_bridge() = checked.start;
  input.request_id = request.request_id();
  input.request_digest = digest;
  input.session_id = checked.offered_session_id;
  if (checked.offered_session_id.empty()) {
    input.session_id = base::MakeSessionId(now, random_bits_);
    input.creates_session_id = input.session_id;
  }
  const absl::StatusOr<Appended> appended = AppendOne(inbox_, std::move(input), now);
  if (!appended.ok()) {
    return appended.status();
  }
  switch (appended->result) {
    case Appended::Result::kStored:
      return Claim{appended->session_id, appended->input_id, false};
    case Appended::Result::kRequestKnown:
      return Claim{appended->session_id, appended->input_id, true};
    case Appended::Result::kRequestReused:
      return RequestIdReused(appended->session_id);
    case Appended::Result::kNoSession:
      return SessionNotFound(checked.offered_session_id);
    case Appended::Result::kDuplicate:
    case Appended::Result::kParked:
      break;
  }
  return absl::InternalError("the store set a request aside that it must store");
}

absl::StatusOr<v1::StartBridgeResponse> BridgeStarter::Answer(
    const Claim& claim, const std::optional<internal::v1::Reply>& reply) const {
  if (!reply.has_value()) {
    return NotBegunYet();
  }
  const absl::Status refusal = StepRefusal(reply->error(), claim.session_id);
  if (!refusal.ok()) {
    return refusal;
  }
  const absl::StatusOr<internal::v1::Session> session = sessions_.GetSession(claim.session_id);
  if (!session.ok()) {
    return session.status();
  }
  v1::StartBridgeResponse response;
  *response.mutable_session() = flow::PublicView(*session);
  response.set_replayed(claim.replayed);
  response.mutable_warnings()->Add(claim.warnings.begin(), claim.warnings.end());
  return response;
}

absl::StatusOr<v1::StartBridgeResponse> BridgeStarter::Preview(const CheckedStart& checked,
                                                               base::Time now) {
  internal::v1::Session session;
  const bool takes_offer = !checked.offered_session_id.empty();
  if (takes_offer) {
    absl::StatusOr<internal::v1::Session> offered =
        sessions_.GetSession(checked.offered_session_id);
    if (absl::IsNotFound(offered.status())) {
      return SessionNotFound(checked.offered_session_id);
    }
    if (!offered.ok()) {
      return offered.status();
    }
    session = std::move(*offered);
  } else {
    session.set_session_id(base::MakeSessionId(now, random_bits_));
  }
  internal::v1::Input input;
  *input.mutable_receive_time() = base::ToTimestamp(now);
  *input.mutable_step_time() = base::ToTimestamp(now);
  *input.mutable_start_bridge() = checked.start;
  const internal::v1::Transition transition = flow::Step(session, input);
  const absl::Status refusal = StepRefusal(transition.reply().error(), session.session_id());
  if (!refusal.ok()) {
    return refusal;
  }
  v1::StartBridgeResponse response;
  *response.mutable_session() = flow::PublicView(transition.session());
  if (!takes_offer) {
    // The id is left out, because no session with it is ever stored.
    response.mutable_session()->clear_session_id();
  }
  response.mutable_warnings()->Add(checked.warnings.begin(), checked.warnings.end());
  return response;
}

}  // namespace callbridge::api
