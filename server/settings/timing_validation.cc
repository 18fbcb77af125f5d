#include "server/settings/timing_validation.h"

#include <absl/strings/str_format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/repeated_ptr_field.h>

#include <array>
#include <chrono>
#include <cstddef>

#include "server/base/time.h"
#include "server/settings/defaults.h"
#include "server/settings/plan_validation.h"

namespace callbridge::settings {
namespace {

using google::protobuf::Duration;
using google::protobuf::FieldDescriptor;
using google::protobuf::RepeatedPtrField;
using internal::v1::Timing;

constexpr std::chrono::milliseconds kShortest{1};
constexpr std::chrono::minutes kLongest{10};
constexpr std::chrono::seconds kOfferMin{1};
constexpr std::chrono::seconds kOfferMax{20};
constexpr int kLooksMax = 10;

struct Pair {
  const char* first;
  const char* second;
};

// The first must be shorter than the second.
constexpr std::array<Pair, 8> kOrdered = {{{"answer_look", "answer_verdict"},
                                           {"join_caller_look", "join_caller_verdict"},
                                           {"ring_look", "ring_verdict"},
                                           {"join_callee_look", "join_callee_verdict"},
                                           {"hangup_backoff", "hangup_backoff_max"},
                                           {"retry_backoff", "retry_backoff_max"},
                                           {"list_lag", "dial_search"},
                                           {"ending_verdict", "ending_verdict_unknown_dial"}}};

base::Duration ValueOf(const Timing& timing, const std::string& name) {
  const FieldDescriptor& field = *Timing::descriptor()->FindFieldByName(name);
  const auto& reflection = *timing.GetReflection();
  const Timing& holder = reflection.HasField(timing, &field) ? timing : DefaultTiming();
  Duration duration;
  duration.CopyFrom(reflection.GetMessage(holder, &field));
  return base::FromProtoDuration(duration);
}

void ValidateLooks(const RepeatedPtrField<Duration>& looks, const std::string& path,
                   Findings& findings) {
  if (looks.size() > kLooksMax) {
    findings.Refuse(path, absl::StrFormat("has more than %d entries", kLooksMax));
  }
  base::Duration last{0};
  for (int i = 0; i < looks.size(); ++i) {
    const std::string item_path = ItemPath(path, static_cast<std::size_t>(i));
    ValidateRange(looks[i], kShortest, kLongest, item_path, findings);
    const base::Duration look = base::FromProtoDuration(looks[i]);
    if (look <= last) findings.Refuse(item_path, "must be longer than the one before it");
    last = look;
  }
}

void ValidateEnding(const Timing& timing, const std::string& path, Findings& findings) {
  const auto& looks =
      timing.ending_looks_size() > 0 ? timing.ending_looks() : DefaultTiming().ending_looks();
  const base::Duration last = base::FromProtoDuration(looks[looks.size() - 1]);
  if (ValueOf(timing, "ending_verdict") <= last) {
    findings.Refuse(FieldPath(path, "ending_verdict"),
                    "must be longer than the last of ending_looks");
  }
}

}  // namespace

void ValidateTiming(const Timing& timing, const std::string& path, Findings& findings) {
  const std::size_t violations_before = findings.violations.size();
  const auto& descriptor = *Timing::descriptor();
  const auto& reflection = *timing.GetReflection();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (field.is_repeated() || !reflection.HasField(timing, &field)) continue;
    const bool offer = field.name() == "offer";
    Duration duration;
    duration.CopyFrom(reflection.GetMessage(timing, &field));
    ValidateRange(duration, offer ? base::Duration(kOfferMin) : kShortest,
                  offer ? base::Duration(kOfferMax) : kLongest, FieldPath(path, field.name()),
                  findings);
  }
  ValidateLooks(timing.ending_looks(), FieldPath(path, "ending_looks"), findings);
  // Values out of range are reported once.
  if (findings.violations.size() > violations_before) return;
  for (const Pair& pair : kOrdered) {
    if (ValueOf(timing, pair.first) < ValueOf(timing, pair.second)) continue;
    findings.Refuse(FieldPath(path, pair.second),
                    absl::StrFormat("must be longer than %s", pair.first));
  }
  ValidateEnding(timing, path, findings);
}

}  // namespace callbridge::settings
