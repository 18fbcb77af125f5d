#include "server/admin/setup.h"

#include <absl/status/status.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "server/admin/observed.h"
#include "server/provider/json_reader.h"

namespace callbridge::admin {
namespace {

using Kind = Change::Kind;

std::string_view Done(Kind kind, bool dry_run) {
  switch (kind) {
    case Kind::kCreate:
      return dry_run ? "would create" : "created";
    case Kind::kUpdate:
      return dry_run ? "would change" : "changed";
    case Kind::kDelete:
      return dry_run ? "would remove" : "removed";
    case Kind::kKeep:
      return "as it is";
    case Kind::kLeave:
      return "left";
    case Kind::kByHand:
      return "by hand";
  }
  return "";
}

void WriteLine(const Change& change, bool dry_run, std::ostream& out) {
  out << absl::StrFormat("%-12s  %s: %s\n", Done(change.kind, dry_run), change.subject.name,
                         change.why);
  if (!change.remedy.empty()) out << absl::StrFormat("%14s%s\n", "", change.remedy);
}

void WriteNote(const std::string& remark, std::ostream& out) {
  out << absl::StrFormat("%-12s  %s\n", "note", remark);
}

void WriteRequest(const Request& request, std::ostream& out) {
  out << absl::StrFormat("%14s%s %s\n", "", NameOf(request.http.method), request.http.target);
  if (!request.shown_body.empty()) out << absl::StrFormat("%14s%s\n", "", request.shown_body);
}

int CountOf(const Plan& plan, Kind kind) {
  return static_cast<int>(std::ranges::count(plan, kind, &Change::kind));
}

void WriteSummary(const Plan& plan, bool dry_run, std::ostream& out) {
  const int changes =
      CountOf(plan, Kind::kCreate) + CountOf(plan, Kind::kUpdate) + CountOf(plan, Kind::kDelete);
  const int left = CountOf(plan, Kind::kLeave);
  if (changes == 0) {
    out << (dry_run ? "Nothing would be changed." : "Nothing was changed.");
  } else {
    out << absl::StrFormat("%d created, %d changed, %d removed%s.", CountOf(plan, Kind::kCreate),
                           CountOf(plan, Kind::kUpdate), CountOf(plan, Kind::kDelete),
                           dry_run ? ", if this were no dry run" : "");
  }
  if (left > 0) out << absl::StrFormat(" %d left for you to decide.", left);
  out << "\n";
}

// The id of a new application is the provider's choice, and the settings need it.
void TellApplicationId(const std::string& answer, std::ostream& out) {
  provider::JsonDocument document;
  if (!document.Parse(answer).ok()) return;
  const std::string id = provider::Text(document.object(), "id");
  if (id.empty()) return;
  out << absl::StrFormat("%14sits id is %s: write it into the account's calls_configuration_id\n",
                         "", id);
}

// Explains the errors whose cause is not in the provider's words.
std::string Help(const absl::Status& status, const Wanted& wanted) {
  if (absl::IsUnauthenticated(status)) {
    return "; the provider does not accept the account's key: compare base_url and the key's file "
           "with the portal";
  }
  if (absl::IsPermissionDenied(status)) {
    return "; the key lacks a scope: it needs calls:configuration:manage, subscriptions:manage and "
           "numbers:manage (or the account lacks the feature)";
  }
  if (absl::IsNotFound(status) && wanted.applications) {
    return "; this account has no applications: set setup.flavour: subscriptions";
  }
  return "";
}

ExitStatus Fail(const std::string& what, const absl::Status& status, const Wanted& wanted,
                std::ostream& err) {
  err << what << ": " << std::string(status.message()) << Help(status, wanted) << "\n";
  return ExitStatus::kFailed;
}

}  // namespace

ExitStatus RunSetup(AccountLink& link, const Wanted& wanted, const SetupOptions& options,
                    std::ostream& out, std::ostream& err) {
  const Observed observed = Observe(link, wanted);
  if (const absl::Status unknown = WhatIsUnknown(observed); !unknown.ok()) {
    return Fail("the account cannot be read, so nothing was changed", unknown, wanted, err);
  }
  const Plan plan = options.remove ? PlanRemoval(wanted, observed, options.plan)
                                   : PlanSetup(wanted, observed, options.plan);
  if (!options.remove) {
    for (const std::string& remark : wanted.remarks) WriteNote(remark, out);
  }
  bool new_application = false;
  for (const Change& change : plan) {
    if (change.request && !options.dry_run) {
      const absl::StatusOr<std::string> answer = link.Send(change.request->http);
      if (!answer.ok()) {
        const std::string fate = absl::IsUnavailable(answer.status())
                                     ? "; it may have had its effect, so run the command again: it "
                                       "looks first"
                                     : "";
        return Fail(change.subject.name + fate, answer.status(), wanted, err);
      }
      WriteLine(change, false, out);
      if (wanted.applications && change.kind == Kind::kCreate) {
        TellApplicationId(*answer, out);
        new_application = true;
      }
      continue;
    }
    WriteLine(change, options.dry_run, out);
    if (change.request) WriteRequest(*change.request, out);
  }
  WriteSummary(plan, options.dry_run, out);
  return CountOf(plan, Kind::kLeave) > 0 || new_application ? ExitStatus::kFindings
                                                            : ExitStatus::kOk;
}

}  // namespace callbridge::admin
