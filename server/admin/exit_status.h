// The meaning of the program's exit status. The numbers are stable, because scripts depend on them;
// --help lists the same numbers.
#pragma once

namespace callbridge::admin {

enum class ExitStatus {
  // All is as it should be.
  kOk = 0,
  // setup left something that a person has to decide; doctor has findings.
  kFindings = 1,
  // The settings, the network or the provider did not let the program do or check all.
  kFailed = 2,
  // The command line is wrong.
  kUsage = 64,
};

}  // namespace callbridge::admin
