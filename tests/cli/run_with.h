// Runs the program in this process, against a server of the test.
#pragma once

#include <sstream>
#include <stop_token>
#include <string>
#include <vector>

#include "client/cli/run.h"
#include "tests/cli/fake_service.h"

namespace callbridge::cli {

struct Result {
  ExitStatus status = ExitStatus::kOk;
  std::string out;
  std::string err;
};

inline Result RunWith(const client::FakeService& service, const std::vector<std::string>& arguments,
                      const std::stop_token& stop = {}) {
  std::ostringstream out;
  std::ostringstream err;
  Result result;
  result.status = Run(arguments, {.server = service.address(), .inbox = "", .no_color = ""},
                      {out, err, false}, stop);
  result.out = out.str();
  result.err = err.str();
  return result;
}

}  // namespace callbridge::cli
