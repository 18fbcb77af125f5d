// What doctor tells: findings, what is good, what could not be checked, and what it never sees. As
// text for a person, or as one JSON object for a script.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "server/admin/exit_status.h"

namespace callbridge::admin {

struct Finding {
  // The part that was checked, like "subscription" or "clock".
  std::string check;
  // What is wrong, as a sentence without its full stop.
  std::string what;
  // Why it matters.
  std::string why;
  // The command, or what a person does, that mends it.
  std::string mend;
};

// Of a part that was checked, or could not be.
struct Remark {
  std::string check;
  std::string what;
};

struct Report {
  std::string account;
  std::vector<Finding> findings;
  std::vector<Remark> good;
  std::vector<Remark> unchecked;
  // What doctor does not look at, and where to look.
  std::vector<Remark> notes;
};

// kFindings if there are any, else kFailed if something could not be checked.
ExitStatus ExitStatusOf(const Report& report);

void WriteText(const Report& report, std::ostream& out);
// {"account", "exit_status", "findings": [{"check", "what", "why", "mend"}], and "good",
// "unchecked" and "notes" with "check" and "what" each}, in one line.
void WriteJson(const Report& report, std::ostream& out);

}  // namespace callbridge::admin
