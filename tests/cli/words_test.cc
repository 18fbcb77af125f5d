#include "client/cli/words.h"

#include <gtest/gtest.h>

#include <chrono>

#include "client/cli/exit_status.h"

namespace callbridge::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Word, IsTheValuesNameWithoutTheEnums) {
  EXPECT_EQ(Word(v1::Session::STATE_RINGING), "RINGING");
  EXPECT_EQ(Word(v1::END_REASON_NO_ANSWER), "NO_ANSWER");
  EXPECT_EQ(Word(static_cast<v1::Session::State>(99)), "99");
}

TEST(DurationText, GrowsCoarserWithLength) {
  EXPECT_EQ(DurationText(milliseconds(120)), "0.12 s");
  EXPECT_EQ(DurationText(milliseconds(999)), "1.0 s");
  EXPECT_EQ(DurationText(milliseconds(3140)), "3.1 s");
  EXPECT_EQ(DurationText(milliseconds(59'960)), "1 min 0 s");
  EXPECT_EQ(DurationText(seconds(62)), "1 min 2 s");
  EXPECT_EQ(DurationText(seconds(7500)), "2 h 5 min");
}

TEST(Printable, LeavesTextAloneAndControlOut) {
  EXPECT_EQ(Printable("Grüße → ok"), "Grüße → ok");
  EXPECT_EQ(Printable("a\033[2Jb\n\x7f"), "a?[2Jb??");
  EXPECT_EQ(Printable("a\xC2\x9B"
                      "b"),
            "a?b");
  EXPECT_EQ(Printable("a\xFF"
                      "b"),
            "a?b");
}

TEST(EndpointText, MasksUnlessAsked) {
  v1::Endpoint endpoint;
  endpoint.mutable_phone()->set_number("+447700900456");
  EXPECT_EQ(EndpointText(endpoint, true), "+447700900456");
  EXPECT_EQ(EndpointText(endpoint, false), "+44********56");
  endpoint.mutable_sip()->set_username("alice.smith");
  EXPECT_EQ(EndpointText(endpoint, true), "sip:alice.smith");
  EXPECT_EQ(EndpointText(endpoint, false), "sip:al***");
}

TEST(PartyName, IsEmptyOnlyForNobody) {
  EXPECT_EQ(PartyName(v1::PARTY_CALLER), "the caller");
  EXPECT_EQ(PartyName(v1::PARTY_CALLEE), "the callee");
  EXPECT_EQ(PartyName(v1::PARTY_PROVIDER), "the provider");
  EXPECT_EQ(PartyName(v1::PARTY_DEADLINE), "a deadline");
  EXPECT_EQ(PartyName(v1::PARTY_UNSPECIFIED), "");
}

TEST(ExitStatusOf, TellsOutcomesAndErrorsApart) {
  EXPECT_EQ(ExitStatusOf(v1::Outcome::RESULT_COMPLETED), ExitStatus::kOk);
  EXPECT_EQ(ExitStatusOf(v1::Outcome::RESULT_CALLEE_UNREACHED), ExitStatus::kCalleeUnreached);
  EXPECT_EQ(ExitStatusOf(v1::Outcome::RESULT_CALLER_UNREACHED), ExitStatus::kCallerUnreached);
  EXPECT_EQ(ExitStatusOf(v1::Outcome::RESULT_CALLER_ABANDONED), ExitStatus::kCallerAbandoned);
  EXPECT_EQ(ExitStatusOf(v1::Outcome::RESULT_REJECTED), ExitStatus::kRejected);
  EXPECT_EQ(ExitStatusOf(v1::Outcome::RESULT_CANCELLED), ExitStatus::kCancelled);
  EXPECT_EQ(ExitStatusOf(v1::Outcome::RESULT_FAILED), ExitStatus::kBridgeFailed);
  EXPECT_EQ(ExitStatusOf(v1::Outcome::RESULT_UNSPECIFIED), ExitStatus::kFailed);
  EXPECT_EQ(ExitStatusOf(absl::OkStatus()), ExitStatus::kOk);
  EXPECT_EQ(ExitStatusOf(absl::NotFoundError("")), ExitStatus::kNotFound);
  EXPECT_EQ(ExitStatusOf(absl::ResourceExhaustedError("")), ExitStatus::kUnavailable);
  EXPECT_EQ(ExitStatusOf(absl::AlreadyExistsError("")), ExitStatus::kRefused);
  EXPECT_EQ(ExitStatusOf(absl::InternalError("")), ExitStatus::kFailed);
}

}  // namespace
}  // namespace callbridge::cli
