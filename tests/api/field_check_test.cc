// What the checks of single fields say: whether the field is missing or wrong, and what is wrong.
#include "server/api/field_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "server/api/leg_sounds.h"
#include "server/base/limits.h"
#include "tests/api/api_world.h"

namespace callbridge::api {
namespace {

using settings::Findings;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string SaidOf(void (*check)(const std::string&, Findings&), const std::string& value) {
  Findings findings;
  check(value, findings);
  return findings.violations.empty() ? "" : findings.violations[0].description;
}

std::string SaidOfRequestId(const std::string& value) { return SaidOf(CheckRequestId, value); }

std::string SaidOfDigits(const std::string& digits) {
  v1::SendDigitsRequest request;
  request.set_session_id("s_1");
  request.set_request_id("r-1");
  request.set_leg_id("caller");
  request.set_digits(digits);
  return std::string(CheckSendDigits(request, {}, tests::StoryStart()).status().message());
}

std::string SaidOfMaxLength(int length) {
  v1::CaptureDigitsRequest request;
  request.set_session_id("s_1");
  request.set_request_id("r-1");
  request.set_leg_id("caller");
  request.set_max_length(length);
  return std::string(CheckCaptureDigits(request, {}, {}, tests::StoryStart()).status().message());
}

TEST(FieldCheck, CallsOnlyAMissingFieldRequired) {
  const auto session_id = [](const std::string& value, Findings& findings) {
    CheckSessionId("session_id", value, findings);
  };
  const auto leg_id = [](const std::string& value, Findings& findings) {
    CheckLegId("leg_id", value, findings);
  };
  const std::string long_id(65, 'a');
  EXPECT_THAT(SaidOfRequestId(""), AllOf(StartsWith("is required: 1 to 64"), HasSubstr("UUID")));
  EXPECT_THAT(SaidOf(session_id, ""), StartsWith("is required: the session_id"));
  EXPECT_THAT(SaidOf(leg_id, ""), StartsWith("is required: the leg_id"));
  EXPECT_THAT(SaidOfDigits(""), HasSubstr("digits: is required: 1 to 32 keys"));
  EXPECT_THAT(SaidOfMaxLength(0), HasSubstr("max_length: is required: 1 to 64"));

  EXPECT_THAT(SaidOfRequestId("bad id!"), StartsWith("must be 1 to 64 characters"));
  EXPECT_THAT(SaidOf(session_id, long_id), StartsWith("must be the session_id"));
  EXPECT_THAT(SaidOf(leg_id, long_id), StartsWith("must be the leg_id"));
  EXPECT_THAT(SaidOfDigits("12x4"), HasSubstr("digits: must be 1 to 32 keys"));
  for (const int length : {-1, 65, 99}) {
    EXPECT_THAT(SaidOfMaxLength(length), HasSubstr("max_length: must be 1 to 64")) << length;
  }
}

TEST(FieldCheck, SaysWhichCharacterDoesNotFitAndRepeatsNoOther) {
  EXPECT_THAT(SaidOfRequestId("bad id!"), HasSubstr("this holds \" \" at place 4"));
  EXPECT_THAT(SaidOfRequestId("a\nb"), HasSubstr("this holds another character at place 2"));
  EXPECT_THAT(SaidOfRequestId("b\xC3\xA9 a"), HasSubstr("another character at place 2"));
  EXPECT_THAT(SaidOfRequestId(std::string(65, 'a')), HasSubstr("this has 65"));
  EXPECT_THAT(SaidOfDigits("73x5"),
              AllOf(HasSubstr("this holds \"x\" at place 3"), Not(HasSubstr("73"))));
  EXPECT_THAT(SaidOfDigits(std::string(33, '7')),
              AllOf(HasSubstr("this has 33"), Not(HasSubstr("77"))));
}

}  // namespace
}  // namespace callbridge::api
