#include "client/cli/story.h"

#include <absl/strings/str_format.h>

#include <chrono>
#include <utility>

#include "client/cli/words.h"
#include "server/base/mask.h"

namespace callbridge::cli {
namespace {

constexpr char kReset[] = "\033[0m";

const char* ColourOf(StoryLine::Kind kind) {
  switch (kind) {
    case StoryLine::Kind::kTrouble:
      return "\033[33m";
    case StoryLine::Kind::kOutcome:
      return "\033[1m";
    case StoryLine::Kind::kDiagnostic:
    case StoryLine::Kind::kNote:
      return "\033[2m";
    case StoryLine::Kind::kNormal:
      break;
  }
  return "";
}

StoryLine::Kind KindOf(Weight weight) {
  switch (weight) {
    case Weight::kDiagnostic:
      return StoryLine::Kind::kDiagnostic;
    case Weight::kTrouble:
      return StoryLine::Kind::kTrouble;
    case Weight::kNormal:
      break;
  }
  return StoryLine::Kind::kNormal;
}

// Returns how to find what is wrong with the account, because the provider does not tell the causes
// apart.
std::string AccountText(v1::EndReason reason) {
  if (reason != v1::END_REASON_PROVIDER_ACCOUNT) return "";
  return " callbridge-admin doctor says which.";
}

}  // namespace

void Story::MeetAt(const v1::Session& session) {
  if (session.has_create_time()) start_ = base::FromTimestamp(session.create_time());
  context_.origin = session.origin();
  for (const v1::Leg& leg : session.legs()) {
    if (leg.state() != v1::Leg::STATE_PENDING) context_.dialled.insert(leg.leg_id());
  }
  state_ = Word(session.state());
}

std::vector<StoryLine> Story::Tell(const v1::SessionEvent& event) {
  times_.Observe(event);
  // The first event is stored at the moment at which the session is created.
  if (event.sequence() == 1) start_ = base::FromTimestamp(event.record_time());
  if (event.has_session_offered()) context_.origin = v1::Session::ORIGIN_OFFER;
  if (event.has_session_started()) context_.origin = event.session_started().origin();
  if (event.has_leg_dialing()) context_.dialled.insert(event.leg_dialing().leg().leg_id());
  if (event.has_command_sent()) {
    context_.commands[event.command_sent().command_number()] = CommandName(event.command_sent());
  }
  std::vector<StoryLine> lines;
  Sentence sentence = Describe(event, context_);
  const bool for_few = event.detail() == v1::SessionEvent::DETAIL_DIAGNOSTIC;
  if (for_few && sentence.weight == Weight::kNormal) sentence.weight = Weight::kDiagnostic;
  if (sentence.weight != Weight::kDiagnostic || options_.diagnostic) {
    lines.push_back(MakeLine(event, KindOf(sentence.weight), std::move(sentence.text)));
  }
  if (event.has_session_ended()) TellEnd(event, lines);
  return lines;
}

StoryLine Story::MakeLine(const v1::SessionEvent& event, StoryLine::Kind kind, std::string text) {
  StoryLine line{kind, std::nullopt, "", std::move(text)};
  if (start_.has_value()) line.since_start = base::FromTimestamp(event.record_time()) - *start_;
  std::string state = Word(event.state());
  if (state != state_) line.state = state;
  state_ = std::move(state);
  return line;
}

void Story::TellEnd(const v1::SessionEvent& event, std::vector<StoryLine>& lines) {
  const v1::Session& session = event.session_ended().session();
  for (const v1::Issue& issue : session.issues()) {
    lines.push_back(MakeLine(event, StoryLine::Kind::kTrouble,
                             "left behind: " + base::MaskText(Printable(issue.summary()))));
  }
  lines.push_back(
      {StoryLine::Kind::kOutcome, std::nullopt, "", OutcomeSentence(session.outcome())});
  const std::string times = times_.Text();
  if (!times.empty()) lines.push_back({StoryLine::Kind::kOutcome, std::nullopt, "", times});
}

StoryLine ResumedLine(bool nothing_missed, int after_sequence) {
  if (!nothing_missed) {
    return NoteLine("connected again; events in between were missed");
  }
  if (after_sequence == 0) return NoteLine("connected again; no event was missed");
  return NoteLine(absl::StrFormat("resumed after %d; no event was missed", after_sequence));
}

StoryLine NoteLine(std::string text) {
  return {StoryLine::Kind::kNote, std::nullopt, "", std::move(text)};
}

std::string Render(const StoryLine& line, std::string_view prefix, bool colour) {
  std::string text(prefix);
  if (line.kind == StoryLine::Kind::kOutcome) {
    // The outcome stands at the margin, where a reader finds it easily.
  } else if (line.since_start.has_value()) {
    const double seconds = std::chrono::duration<double>(*line.since_start).count();
    text += absl::StrFormat("%7.1fs  %-11s  ", seconds, line.state);
  } else {
    text += absl::StrFormat("%8s  %-11s  ", "-", line.state);
  }
  // A sign marks trouble too, for readers who see no colours.
  if (line.kind == StoryLine::Kind::kTrouble) text += "! ";
  text += line.text;
  const std::string_view start = colour ? ColourOf(line.kind) : "";
  return start.empty() ? text : absl::StrFormat("%s%s%s", start, text, kReset);
}

std::string OutcomeSentence(const v1::Outcome& outcome) {
  std::string text = Word(outcome.result()) + ": ";
  if (!outcome.summary().empty()) {
    text += base::MaskText(Printable(outcome.summary()));
    text += AccountText(outcome.reason());
  } else {
    text += ReasonText(outcome.reason());
    const std::string_view party = PartyName(outcome.ended_by());
    if (!party.empty()) text += absl::StrFormat(" (%s)", party);
    text += "." + AccountText(outcome.reason());
    // A talk without a length is not told, because then the two did not talk.
    if (base::FromProtoDuration(outcome.talk_duration()) > base::Duration::zero()) {
      text += absl::StrFormat(" They talked for %s.", DurationText(outcome.talk_duration()));
    }
  }
  return text;
}

}  // namespace callbridge::cli
