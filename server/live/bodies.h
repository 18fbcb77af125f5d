// The bodies of the scripts' requests (docs/provider.md §3.4 to §3.6). A script may leave out or
// misspell what the service always sends, because that is what it asks about.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "server/live/stage.h"

namespace callbridge::live {

using Marks = std::map<std::string, std::string>;

struct CallBody {
  // "447700900123", as the provider writes numbers; with a + where a script asks about that.
  std::string to;
  // In seconds; absent: the request names none.
  std::optional<int> connect_timeout;
  // In seconds. The provider ends the call then, even if this program is gone.
  int max_duration = 0;
  // Beside the run's own mark.
  Marks custom_data = {};
};

// The body of a call outside of a conference, and of a dial into one.
std::string WriteCall(const StageOptions& options, const CallBody& call);
std::string WriteDial(const StageOptions& options, const CallBody& call);
// name: empty for none.
std::string WriteConference(const StageOptions& options, const std::string& name);
// {"customData": …} with the run's mark, as an answer or a PUT takes it.
std::string WriteMarks(const StageOptions& options, const Marks& marks = {});
std::string WriteSay(std::string_view text, const Marks& marks = {});
std::string WritePlay(std::string_view file_id);
std::string WriteCallRecording();
std::string WriteConferenceRecording();
std::string WriteKeys(std::string_view keys);

struct CaptureBody {
  int length_max = 1;
  std::chrono::milliseconds timeout{5'000};
  std::string terminator = {};
  // What is said meanwhile; empty for nothing.
  std::string text = {};
};
std::string WriteCapture(const CaptureBody& capture);

}  // namespace callbridge::live
