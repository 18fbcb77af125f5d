#include "tests/before/comparison.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/util/message_differencer.h>

#include "server/base/check.h"
#include "tests/before/flow/step.h"

namespace callbridge::flow_before {
namespace {

using google::protobuf::util::MessageDifferencer;

// The format of both is the same on the wire.
template <typename To, typename From>
To Convert(const From& from) {
  To to;
  base::Check(to.ParseFromString(from.SerializeAsString()), "what was written can be read");
  return to;
}

}  // namespace

std::string StepBefore::Compare(const internal::v1::Input& input,
                                const internal::v1::Transition& transition) {
  session_.set_session_id(transition.session().session_id());
  const auto was = Step(session_, Convert<before::v1::Input>(input));
  const auto is = Convert<before::v1::Transition>(transition);
  session_ = was.session();
  std::string report;
  MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&report);
  if (differencer.Compare(was, is)) return {};
  return absl::StrCat("by the Step before and the Step of today, after ", input.ShortDebugString(),
                      ":\n", report);
}

}  // namespace callbridge::flow_before
