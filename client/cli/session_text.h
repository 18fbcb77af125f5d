// A session as text for people: a page about it, and its line in a list. Pure.
#pragma once

#include <string>

#include "callbridge/v1/session.pb.h"

namespace callbridge::cli {

// Returns several lines; the last one has its line end.
std::string SessionPage(const v1::Session& session, bool show_numbers);

// These return the line above a list, and one line of the list, without their line ends.
std::string ListHeading();
std::string ListLine(const v1::Session& session, bool show_numbers);

}  // namespace callbridge::cli
