// The bounds of every deadline of the flow, and which must be longer than which.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "callbridge/internal/v1/timing.pb.h"
#include "server/base/duration_text.h"
#include "server/base/rule.h"
#include "server/base/time.h"
#include "server/settings/field_validation.h"

namespace callbridge::settings {
namespace {

using internal::v1::Timing;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

std::vector<Finding> ViolationsOf(const Timing& timing) {
  Findings findings;
  ValidateFields(timing, "timing", findings);
  return findings.violations;
}

google::protobuf::Duration& Deadline(Timing& timing, const std::string& name) {
  return dynamic_cast<google::protobuf::Duration&>(*timing.GetReflection()->MutableMessage(
      &timing, Timing::descriptor()->FindFieldByName(name)));
}

base::Duration DefaultDeadline(const std::string& name) {
  Timing timing = base::Defaults<Timing>();
  return base::FromProtoDuration(Deadline(timing, name));
}

// By itself: whether it is also longer than another deadline is told in other words.
TEST(EveryDeadline, HasTheBoundsOfItsKind) {
  for (int i = 0; i < Timing::descriptor()->field_count(); ++i) {
    const auto& field = *Timing::descriptor()->field(i);
    if (field.is_repeated()) continue;
    const bool offer = field.name() == "offer";
    const base::Duration min = offer ? base::Duration(seconds(1)) : milliseconds(1);
    const base::Duration max = offer ? base::Duration(seconds(20)) : minutes(10);
    const Finding refused{"timing." + field.name(), "must be " + base::FormatDuration(min) +
                                                        " to " + base::FormatDuration(max)};
    for (const base::Duration value :
         {base::Duration(0), min - nanoseconds(1), min, max, max + nanoseconds(1)}) {
      Timing timing;
      Deadline(timing, field.name()) = base::ToProtoDuration(value);
      const std::vector<Finding> violations = ViolationsOf(timing);
      EXPECT_EQ(std::ranges::find(violations, refused) != violations.end(),
                value < min || value > max)
          << field.name() << " " << value.count();
    }
  }
}

TEST(EveryDeadline, ThatFollowsAnotherIsLonger) {
  constexpr std::array<std::array<const char*, 2>, 8> kPairs = {
      {{"answer_look", "answer_verdict"},
       {"join_caller_look", "join_caller_verdict"},
       {"ring_look", "ring_verdict"},
       {"join_callee_look", "join_callee_verdict"},
       {"hangup_backoff", "hangup_backoff_max"},
       {"retry_backoff", "retry_backoff_max"},
       {"list_lag", "dial_search"},
       {"ending_verdict", "ending_verdict_unknown_dial"}}};
  const nanoseconds step(1);
  for (const auto& [first, second] : kPairs) {
    const Finding refused{std::string("timing.") + second,
                          std::string("must be longer than ") + first};
    const auto is_refused = [&](const Timing& timing) {
      const std::vector<Finding> violations = ViolationsOf(timing);
      return std::ranges::find(violations, refused) != violations.end();
    };
    // Either may be written alone, and both.
    for (const base::Duration off :
         {base::Duration(-step), base::Duration(0), base::Duration(step)}) {
      Timing first_alone;
      Deadline(first_alone, first) = base::ToProtoDuration(DefaultDeadline(second) + off);
      EXPECT_EQ(is_refused(first_alone), off >= base::Duration(0)) << first << off.count();
      Timing second_alone;
      Deadline(second_alone, second) = base::ToProtoDuration(DefaultDeadline(first) + off);
      EXPECT_EQ(is_refused(second_alone), off <= base::Duration(0)) << second << off.count();
      Timing both;
      Deadline(both, first) = base::ToProtoDuration(seconds(40));
      Deadline(both, second) = base::ToProtoDuration(seconds(40) + off);
      EXPECT_EQ(is_refused(both), off <= base::Duration(0)) << first << second << off.count();
    }
  }
}

TEST(EveryDeadline, OfTheEndingsLooksIsLongerThanTheOneBefore) {
  const auto with_looks = [](const std::vector<int>& looks, int verdict_milliseconds) {
    Timing timing;
    for (const int look : looks) {
      *timing.add_ending_looks() = base::ToProtoDuration(milliseconds(look));
    }
    *timing.mutable_ending_verdict() = base::ToProtoDuration(milliseconds(verdict_milliseconds));
    return ViolationsOf(timing);
  };
  std::vector<int> looks;
  for (int count = 1; count <= 10; ++count) {
    looks.push_back(count * 10);
    EXPECT_TRUE(with_looks(looks, count * 10 + 1).empty()) << count;
    for (const int verdict : {count * 10, count * 10 - 1}) {
      EXPECT_EQ(with_looks(looks, verdict),
                (std::vector<Finding>{
                    {"timing.ending_verdict", "must be longer than the last of ending_looks"}}));
    }
    for (int i = 1; i < count; ++i) {
      for (const int late : {0, 1}) {
        std::vector<int> bad = looks;
        bad[static_cast<std::size_t>(i - 1)] = looks[static_cast<std::size_t>(i)] + late;
        const std::vector<Finding> violations = with_looks(bad, 1'000);
        ASSERT_FALSE(violations.empty());
        EXPECT_EQ(violations[0].path, "timing.ending_looks[" + std::to_string(i) + "]");
      }
    }
    for (int i = 0; i < count; ++i) {
      std::vector<int> bad = looks;
      bad[static_cast<std::size_t>(i)] = i + 1 < count ? 0 : 600'001;
      const std::vector<Finding> violations = with_looks(bad, 1'000);
      EXPECT_TRUE(std::ranges::any_of(violations, [i](const Finding& finding) {
        return finding.path == "timing.ending_looks[" + std::to_string(i) + "]" &&
               finding.description == "must be 1ms to 10m";
      })) << i;
    }
  }
  looks.push_back(110);
  EXPECT_EQ(with_looks(looks, 1'000),
            (std::vector<Finding>{{"timing.ending_looks", "has more than 10 entries"}}));
}

}  // namespace
}  // namespace callbridge::settings
