#include "server/store/rules/requests.h"

namespace callbridge::store {

bool IsRequest(const internal::v1::Input& input) {
  switch (input.input_case()) {
    case internal::v1::Input::kStartBridge:
    case internal::v1::Input::kEndSession:
    case internal::v1::Input::kUpdateLeg:
    case internal::v1::Input::kRequestSound:
    case internal::v1::Input::kStopSounds:
    case internal::v1::Input::kRequestDigits:
      return true;
    case internal::v1::Input::kProviderEvent:
    case internal::v1::Input::kIncomingCall:
    case internal::v1::Input::kCommandTaken:
    case internal::v1::Input::kCommandResult:
    case internal::v1::Input::kTimerDue:
    case internal::v1::Input::kCondemned:
    case internal::v1::Input::kCallMissing:
    case internal::v1::Input::kWorkerResumed:
    case internal::v1::Input::INPUT_NOT_SET:
      return false;
  }
  return false;
}

}  // namespace callbridge::store
