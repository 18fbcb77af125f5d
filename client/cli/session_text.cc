#include "client/cli/session_text.h"

#include <absl/strings/str_format.h>

#include <map>
#include <string_view>

#include "client/cli/recording_sentence.h"
#include "client/cli/story.h"
#include "client/cli/words.h"
#include "server/base/mask.h"
#include "server/base/time.h"

namespace callbridge::cli {
namespace {

void AppendField(std::string& page, std::string_view name, const std::string& value) {
  if (!value.empty()) page += absl::StrFormat("%-12s %s\n", name, value);
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  return base::FormatTime(base::FromTimestamp(time));
}

std::string LabelsText(const v1::Session& session) {
  // The labels are sorted, so that the same session always gives the same text.
  const std::map<std::string, std::string> labels(session.labels().begin(), session.labels().end());
  std::string text;
  for (const auto& [key, value] : labels) {
    text += absl::StrFormat("%s%s=%s", text.empty() ? "" : " ", Printable(key), Printable(value));
  }
  return text;
}

std::string LegText(const v1::Leg& leg, bool show_numbers) {
  std::string text =
      absl::StrFormat("%-9s %s", Word(leg.state()), EndpointText(leg.endpoint(), show_numbers));
  if (!leg.service_number().empty()) {
    text += absl::StrFormat("  over %s", NumberText(leg.service_number(), show_numbers));
  }
  if (leg.muted()) text += "  muted";
  if (leg.deafened()) text += "  deafened";
  if (leg.has_end()) {
    text += "  " + ReasonText(leg.end().reason());
    const std::string error = ProviderErrorText(leg.end().provider_error());
    if (!error.empty()) text += absl::StrFormat(" [provider: %s]", error);
    if (leg.end().inferred()) text += " (inferred)";
  }
  if (!leg.call_id().empty()) text += "  call " + Printable(leg.call_id());
  return text;
}

// Returns the first callee that joined. Without one it is the callee that was tried last, or else
// the first to be tried.
std::string CalleeText(const v1::Session& session, bool show_numbers) {
  const v1::Leg* callee = nullptr;
  for (const v1::Leg& leg : session.legs()) {
    if (leg.role() == v1::Leg::ROLE_CALLEE && (callee == nullptr || !callee->has_join_time())) {
      callee = &leg;
    }
  }
  if (callee != nullptr) return EndpointText(callee->endpoint(), show_numbers);
  if (session.callees().empty()) return "-";
  return EndpointText(session.callees(0).endpoint(), show_numbers);
}

std::string CallerText(const v1::Session& session, bool show_numbers) {
  if (session.legs().empty()) return "-";
  return EndpointText(session.legs(0).endpoint(), show_numbers);
}

}  // namespace

std::string SessionPage(const v1::Session& session, bool show_numbers) {
  std::string page;
  AppendField(page, "session", Printable(session.session_id()));
  AppendField(page, "state", Word(session.state()));
  if (session.has_outcome()) AppendField(page, "outcome", OutcomeSentence(session.outcome()));
  AppendField(page, "origin", Word(session.origin()));
  AppendField(page, "request", Printable(session.request_id()));
  AppendField(page, "labels", LabelsText(session));
  if (session.has_create_time()) AppendField(page, "created", TimeText(session.create_time()));
  if (session.has_offer_expire_time()) {
    AppendField(page, "offered till", TimeText(session.offer_expire_time()));
  }
  if (session.has_connect_time()) AppendField(page, "connected", TimeText(session.connect_time()));
  if (session.has_end_time()) AppendField(page, "ended", TimeText(session.end_time()));
  for (const v1::Leg& leg : session.legs()) {
    AppendField(page, leg.leg_id(), LegText(leg, show_numbers));
  }
  for (const v1::Recording& recording : session.recordings()) {
    AppendField(page, Printable(recording.recording_id()), RecordingText(recording));
  }
  for (const v1::NoticeEvidence& notice : session.notices()) {
    AppendField(page, "notice", LegName(notice.leg_id()) + " " + NoticeText(notice));
  }
  AppendField(page, "conference", Printable(session.conference_id()));
  AppendField(page, "trace", Printable(session.trace_id()));
  for (const v1::Issue& issue : session.issues()) {
    AppendField(
        page, "! issue",
        absl::StrFormat("%s: %s", Word(issue.kind()), base::MaskText(Printable(issue.summary()))));
  }
  return page;
}

std::string ListHeading() {
  return absl::StrFormat("%-28s  %-11s  %-24s  %-16s  %-16s  %s", "SESSION", "STATE", "CREATED",
                         "CALLER", "CALLEE", "OUTCOME");
}

std::string ListLine(const v1::Session& session, bool show_numbers) {
  std::string outcome = session.has_outcome() ? Word(session.outcome().result()) : "";
  if (session.has_outcome() && session.outcome().result() != v1::Outcome::RESULT_COMPLETED) {
    outcome += absl::StrFormat(" (%s)", ReasonText(session.outcome().reason()));
  }
  if (!session.issues().empty()) outcome += outcome.empty() ? "! has issues" : " ! has issues";
  std::string line = absl::StrFormat(
      "%-28s  %-11s  %-24s  %-16s  %-16s  %s", Printable(session.session_id()),
      Word(session.state()), TimeText(session.create_time()), CallerText(session, show_numbers),
      CalleeText(session, show_numbers), outcome);
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace callbridge::cli
