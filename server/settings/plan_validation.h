// The rules of the public messages that the settings file and StartBridge share: plans, callees,
// endpoints and labels. Both refuse the same values with the same words. Pure. An absent field is
// valid unless the contract requires it.
#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/map.h>

#include <string>
#include <string_view>

#include "callbridge/config/v1/settings.pb.h"
#include "callbridge/v1/plan.pb.h"
#include "server/base/time.h"
#include "server/settings/findings.h"

namespace callbridge::settings {

// Why a beep is refused unless each leg is recorded for itself (docs/provider.md §3.6).
inline constexpr char kBeepNeedsLegs[] =
    "needs mode LEGS, because the provider has no beep for a conference";

// Why a plan that records from the caller's join is refused if people hear a notice before. The
// subject is recording.start.
inline constexpr char kJoinedWithoutNotice[] =
    "must not be JOINED together with a notice, because the callee would join a conference that is "
    "recorded before hearing it; use CONNECTED, which waits for the notice";

// True if the plan records from the caller's join, and the other plan has a notice. The other plan
// is the plan itself, or one from which it takes its notice.
bool RecordsBeforeNotice(const callbridge::v1::Plan& plan, const callbridge::v1::Plan& noticed);

// The setting audio_files.
using AudioFiles = google::protobuf::Map<std::string, config::v1::AudioFile>;

// Each function adds its findings. path: the path of the message ("plan", "callees[0]"). files: the
// files that a file_name may name.
void ValidatePlan(const callbridge::v1::Plan& plan, const AudioFiles& files,
                  const std::string& path, Findings& findings);
void ValidatePrompt(const callbridge::v1::Prompt& prompt, const AudioFiles& files,
                    const std::string& path, Findings& findings);
void ValidateAudio(const callbridge::v1::Audio& audio, const AudioFiles& files,
                   const std::string& path, Findings& findings);
void ValidateCallee(const callbridge::v1::Callee& callee, const std::string& path,
                    Findings& findings);
void ValidateEndpoint(const callbridge::v1::Endpoint& endpoint, const std::string& path,
                      Findings& findings);
void ValidateLabels(const google::protobuf::Map<std::string, std::string>& labels,
                    const std::string& path, Findings& findings);

// Accepts 1 to 60 s.
void ValidateRingTimeout(const google::protobuf::Duration& ring_timeout, const std::string& path,
                         Findings& findings);

// Accepts a telephone number in E.164.
void ValidateNumber(std::string_view number, const std::string& path, Findings& findings);

// Refuses a duration outside of the range, and an invalid Duration.
void ValidateRange(const google::protobuf::Duration& duration, base::Duration min,
                   base::Duration max, const std::string& path, Findings& findings);

}  // namespace callbridge::settings
