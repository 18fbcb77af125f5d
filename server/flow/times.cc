#include "server/flow/times.h"

#include <algorithm>
#include <initializer_list>

namespace callbridge::flow {
namespace {

Time LastTimeOf(const Leg& leg) {
  Time last = base::FromTimestamp(leg.create_time());
  for (const google::protobuf::Timestamp* time :
       {&leg.sent_time(), &leg.ring_time(), &leg.answer_time(), &leg.join_time(),
        &leg.leave_time()}) {
    // A time that is absent reads as the epoch, so it never counts.
    last = std::max(last, base::FromTimestamp(*time));
  }
  return last;
}

}  // namespace

std::optional<Time> TimeOfEvent(const Knowledge& known) {
  if (!known.input().provider_event().has_occur_time()) return std::nullopt;
  return base::FromTimestamp(known.input().provider_event().occur_time());
}

Time HappenedAt(const Knowledge& known, const Leg& leg, std::optional<Time> provider_time) {
  Time happened = known.learned();
  if (provider_time) happened = std::min(happened, *provider_time);
  return std::max(happened, LastTimeOf(leg));
}

}  // namespace callbridge::flow
