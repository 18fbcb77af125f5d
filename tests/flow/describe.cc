#include "tests/flow/describe.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>

#include "server/flow/turn.h"

namespace callbridge::flow {
namespace {

std::string Short(const std::string& name, std::string_view prefix) {
  return name.substr(name.find(prefix) == 0 ? prefix.size() : 0);
}

std::string Reason(v1::EndReason reason) {
  return Short(v1::EndReason_Name(reason), "END_REASON_");
}

std::string By(v1::Party party) {
  return absl::StrCat("by ", Short(v1::Party_Name(party), "PARTY_"));
}

std::string Outcome(const v1::Outcome& outcome) {
  return absl::StrCat(Short(v1::Outcome::Result_Name(outcome.result()), "RESULT_"), " ",
                      Reason(outcome.reason()), " ", By(outcome.ended_by()));
}

std::string Prompt(v1::PromptKind kind) { return Short(v1::PromptKind_Name(kind), "PROMPT_KIND_"); }

std::string Details(const v1::SessionEvent& event) {
  switch (event.event_case()) {
    case v1::SessionEvent::kSessionEnding:
      return Outcome(event.session_ending().outcome());
    case v1::SessionEvent::kSessionEnded:
      return Outcome(event.session_ended().session().outcome());
    case v1::SessionEvent::kLegDialing:
      return event.leg_dialing().leg().leg_id();
    case v1::SessionEvent::kLegRinging:
      return event.leg_ringing().leg_id();
    case v1::SessionEvent::kLegAnswered:
      return event.leg_answered().leg_id();
    case v1::SessionEvent::kLegJoined:
      return event.leg_joined().leg_id();
    case v1::SessionEvent::kLegMediaChanged:
      return event.leg_media_changed().leg_id();
    case v1::SessionEvent::kLegEnded: {
      const v1::Leg& leg = event.leg_ended().leg();
      return absl::StrCat(leg.leg_id(), " ", Reason(leg.end().reason()), " ",
                          By(leg.end().ended_by()));
    }
    case v1::SessionEvent::kPromptStarted:
      return Prompt(event.prompt_started().prompt());
    case v1::SessionEvent::kPromptFinished:
      return absl::StrCat(
          Prompt(event.prompt_finished().prompt()), " ",
          Short(v1::PromptFinished::Completion_Name(event.prompt_finished().completion()),
                "COMPLETION_"));
    case v1::SessionEvent::kMusicStarted:
      return absl::StrCat("run ", event.music_started().run());
    case v1::SessionEvent::kMusicStopped:
      return event.music_stopped().ran_out() ? "ran out" : "";
    case v1::SessionEvent::kDeadlinePassed:
      return event.deadline_passed().waited_for();
    case v1::SessionEvent::kCommandFinished:
      return absl::StrCat(
          event.command_finished().command(), " ",
          Short(v1::CommandFinished::Result_Name(event.command_finished().result()), "RESULT_"));
    default:
      return "";
  }
}

}  // namespace

std::string DescribeEvent(const v1::SessionEvent& event) {
  const auto* field =
      v1::SessionEvent::descriptor()->FindFieldByNumber(static_cast<int>(event.event_case()));
  std::string line = absl::StrCat("event ", event.sequence(), " ",
                                  field == nullptr ? "none" : field->message_type()->name());
  if (const std::string details = Details(event); !details.empty()) {
    absl::StrAppend(&line, " ", details);
  }
  if (event.inferred()) absl::StrAppend(&line, " (inferred)");
  return line;
}

std::string DescribeCommand(const internal::v1::Command& command) {
  std::string line = absl::StrCat("command ", command.number(), " ", CommandName(command));
  if (command.attempt() > 1) absl::StrAppend(&line, " attempt ", command.attempt());
  if (command.has_play_prompt()) {
    absl::StrAppend(&line, " \"", command.play_prompt().prompt().text(), "\"");
  }
  if (command.has_not_before_time()) absl::StrAppend(&line, " later");
  return line;
}

}  // namespace callbridge::flow
