// What the type of an event says of its call.
#pragma once

#include "callbridge/internal/v1/facts.pb.h"

namespace callbridge::base {

// UNSPECIFIED means that the type says nothing of the call's state.
inline internal::v1::CallFacts::State CallStateOf(internal::v1::ProviderEvent::Type type) {
  using internal::v1::CallFacts;
  using internal::v1::ProviderEvent;
  switch (type) {
    case ProviderEvent::TYPE_CALL_STARTED:
      return CallFacts::STATE_CALLING;
    case ProviderEvent::TYPE_CALL_RINGING:
      return CallFacts::STATE_RINGING;
    case ProviderEvent::TYPE_CALL_PRE_ESTABLISHED:
      return CallFacts::STATE_PRE_ESTABLISHED;
    case ProviderEvent::TYPE_CALL_ESTABLISHED:
      return CallFacts::STATE_ESTABLISHED;
    case ProviderEvent::TYPE_CALL_FINISHED:
    case ProviderEvent::TYPE_CALL_FAILED:
      return CallFacts::STATE_ENDED;
    default:
      return CallFacts::STATE_UNSPECIFIED;
  }
}

}  // namespace callbridge::base
