// What a run wrote into its logs, held against the promises of the log: no telephone number, prompt
// text or secret, and at most three lines for a session.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace callbridge::end_to_end {

// Lines that break a promise, each with its file and the reason. Looks at the files of a folder
// whose names end in .err or .out and begin with one of the names.
std::vector<std::string> FindLogDefects(const std::filesystem::path& folder,
                                        const std::vector<std::string>& names);

// The last lines of every log in the folder, for a person.
std::string LogTails(const std::filesystem::path& folder);

}  // namespace callbridge::end_to_end
