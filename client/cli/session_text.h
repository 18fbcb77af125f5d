// A session as text for people: a page of it, and one line of it in a list. Pure.
#pragma once

#include <string>

#include "callbridge/v1/session.pb.h"

namespace callbridge::cli {

// Several lines, the last with its end.
std::string SessionPage(const v1::Session& session, bool show_numbers);

// The line above a list's lines, and one of them, without their ends.
std::string ListHeading();
std::string ListLine(const v1::Session& session, bool show_numbers);

}  // namespace callbridge::cli
