#include "server/flow/entering.h"

#include <variant>

#include "server/flow/apologizing.h"
#include "server/flow/callee_phases.h"
#include "server/flow/caller_phases.h"
#include "server/flow/ending.h"
#include "server/flow/joining.h"

namespace callbridge::flow {
namespace {

class Entry {
 public:
  explicit Entry(Course& course) : course_(course) {}

  void operator()(const Stay&) const {}
  void operator()(const ToOffered&) const { EnterOffered(course_); }
  void operator()(const ToAnsweringCaller&) const { EnterAnsweringCaller(course_); }
  void operator()(const ToDialingCaller&) const { EnterDialingCaller(course_); }
  void operator()(const ToJoiningCaller&) const { EnterJoiningCaller(course_); }
  void operator()(const ToGreeting&) const { EnterGreeting(course_); }
  void operator()(const ToDialingCallee&) const { EnterDialingCallee(course_); }
  void operator()(const ToStoppingMusic&) const { EnterStoppingMusic(course_); }
  void operator()(const ToAnnouncing&) const { EnterAnnouncing(course_); }
  void operator()(const ToConnected&) const { EnterConnected(course_); }
  void operator()(const ToApologizing& why) const { EnterApologizing(course_, why); }
  void operator()(const ToEnding& end) const { EnterEnding(course_, end); }
  void operator()(const ToEnded&) const { EnterEnded(course_); }

 private:
  Course& course_;
};

}  // namespace

void Enter(Course& course, const Next& next) { std::visit(Entry(course), next); }

}  // namespace callbridge::flow
