// Files that hold what the flow said when somebody last read it. They say when something changed,
// not whether it is right.
#pragma once

#include <string>

namespace callbridge::flow {

// Its path is relative to tests/. Empty: there is no such file.
std::string ReadGolden(const std::string& name);
// Fails the test, showing the first line that differs, unless the file holds just this. With
// CALLBRIDGE_REWRITE=1 it is written anew: read that change like code.
void ExpectGolden(const std::string& name, const std::string& actual);

}  // namespace callbridge::flow
