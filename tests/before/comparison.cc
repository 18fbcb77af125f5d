#include "tests/before/comparison.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <string>

#include "server/base/check.h"
#include "server/flow/public_view.h"
#include "server/flow/upgrade.h"
#include "tests/before/flow/public_view.h"
#include "tests/before/flow/step.h"

namespace callbridge::flow_before {
namespace {

using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

// Both formats are one on the wire but for what moved, and what moved has its old fields still.
template <typename To, typename From>
To Convert(const From& from) {
  To to;
  base::Check(to.ParseFromString(from.SerializeAsString()), "what was written can be read");
  return to;
}

std::string Difference(const std::string& what, const Message& was, const Message& is) {
  std::string report;
  MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&report);
  if (differencer.Compare(was, is)) return {};
  return absl::StrCat("another ", what, ":\n", report);
}

// Without what decides nothing any more, and is kept by one of the two only.
internal::v1::Session Relevant(internal::v1::Session session) {
  for (internal::v1::Leg& leg : *session.mutable_legs()) {
    if (!session.has_joining_caller()) leg.clear_joining();
    const bool counts =
        session.has_answering_caller() || session.has_joining_caller() || session.has_apologizing();
    if (!counts || leg.has_answer_time()) leg.clear_accepted();
    // Nobody is told when it was made.
    if (leg.role() == v1::Leg::ROLE_CALLEE && !leg.has_sent_time()) leg.clear_create_time();
  }
  // Those that do not exist for anybody else have no place among the others.
  std::stable_partition(session.mutable_legs()->pointer_begin(),
                        session.mutable_legs()->pointer_end(), [](const internal::v1::Leg* leg) {
                          return leg->role() == v1::Leg::ROLE_CALLER || leg->has_sent_time();
                        });
  auto& lanes = *session.mutable_lanes();
  for (int i = lanes.size() - 1; i >= 0; --i) {
    internal::v1::Lane empty;
    empty.set_leg_id(lanes[i].leg_id());
    if (lanes[i].SerializeAsString() == empty.SerializeAsString()) lanes.DeleteSubrange(i, 1);
  }
  // A dial's timer outlives a dial that was held when its phase ended.
  bool waits = session.dialing_callee().has_held_dial();
  for (const internal::v1::OpenCommand& open : session.open_commands()) {
    waits |= open.command().has_dial_leg();
  }
  for (internal::v1::Timer& timer : *session.mutable_timers()) {
    if (timer.kind() == internal::v1::Timer::KIND_DIAL_QUEUE && !waits) timer.clear_subject();
  }
  return session;
}

// What the step before stored goes on here as what the step of today stored.
std::string CompareSessions(const before::v1::Session& was, const internal::v1::Session& is) {
  auto upgraded = Convert<internal::v1::Session>(was);
  flow::Upgrade(&upgraded);
  return Difference("session", Relevant(upgraded), Relevant(is));
}

template <typename Was, typename Is>
std::string CompareLists(const std::string& what, const Was& was, const Is& is) {
  if (was.size() != is.size()) return absl::StrCat("another number of ", what);
  for (int i = 0; i < was.size(); ++i) {
    const auto same_type = Convert<typename Was::value_type>(is.Get(i));
    if (std::string text = Difference(what, was.Get(i), same_type); !text.empty()) return text;
  }
  return {};
}

}  // namespace

std::string StepBefore::Compare(const internal::v1::Input& input,
                                const internal::v1::Transition& transition) {
  session_.set_session_id(transition.session().session_id());
  const auto was = Step(session_, Convert<before::v1::Input>(input));
  session_ = was.session();
  auto rest_was = Convert<internal::v1::Transition>(was);
  auto rest_is = transition;
  rest_was.clear_session();
  rest_is.clear_session();
  std::string text = absl::StrCat(
      CompareLists("event", was.events(), transition.events()),
      CompareLists("command", was.commands(), transition.commands()),
      Difference("transition", rest_was, rest_is),
      Difference("view", PublicView(was.session()), flow::PublicView(transition.session())),
      CompareSessions(was.session(), transition.session()));
  if (text.empty()) return {};
  return absl::StrCat("after ", input.ShortDebugString(), ": ", text);
}

}  // namespace callbridge::flow_before
