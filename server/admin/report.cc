#include "server/admin/report.h"

#include <absl/strings/str_format.h>

#include <utility>

#include "server/provider/json_writer.h"

namespace callbridge::admin {
namespace {

void WriteRemarks(std::string_view word, const std::vector<Remark>& remarks, std::ostream& out) {
  for (const Remark& remark : remarks) {
    out << absl::StrFormat("%-10s %s: %s\n", word, remark.check, remark.what);
  }
}

void WriteRemarks(const char* name, const std::vector<Remark>& remarks,
                  provider::JsonWriter& writer) {
  writer.BeginArray(name);
  for (const Remark& remark : remarks) {
    writer.BeginItem();
    writer.Text("check", remark.check);
    writer.Text("what", remark.what);
    writer.EndObject();
  }
  writer.EndArray();
}

}  // namespace

ExitStatus ExitStatusOf(const Report& report) {
  if (!report.findings.empty()) return ExitStatus::kFindings;
  return report.unchecked.empty() ? ExitStatus::kOk : ExitStatus::kFailed;
}

void WriteText(const Report& report, std::ostream& out) {
  WriteRemarks("good", report.good, out);
  WriteRemarks("note", report.notes, out);
  WriteRemarks("unchecked", report.unchecked, out);
  for (const Finding& finding : report.findings) {
    out << absl::StrFormat("FOUND      %s: %s\n           why:  %s\n           mend: %s\n",
                           finding.check, finding.what, finding.why, finding.mend);
  }
  out << absl::StrFormat("%d found, %d good, %d could not be checked.\n", report.findings.size(),
                         report.good.size(), report.unchecked.size());
}

void WriteJson(const Report& report, std::ostream& out) {
  provider::JsonWriter writer;
  writer.Text("account", report.account);
  writer.Integer("exit_status", static_cast<int>(ExitStatusOf(report)));
  writer.BeginArray("findings");
  for (const Finding& finding : report.findings) {
    writer.BeginItem();
    writer.Text("check", finding.check);
    writer.Text("what", finding.what);
    writer.Text("why", finding.why);
    writer.Text("mend", finding.mend);
    writer.EndObject();
  }
  writer.EndArray();
  WriteRemarks("good", report.good, writer);
  WriteRemarks("unchecked", report.unchecked, writer);
  WriteRemarks("notes", report.notes, writer);
  out << std::move(writer).Take() << "\n";
}

}  // namespace callbridge::admin
