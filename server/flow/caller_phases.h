// Offered, AnsweringCaller, DialingCaller: until the caller can be moved into the conference, or
// has been dialled into it. joining.h has JoiningCaller, the last step of an incoming call.
#pragma once

#include <string_view>

#include "server/flow/course.h"
#include "server/flow/next.h"

namespace callbridge::flow {

void EnterOffered(Course& course);
void OnSendRingingResult(Course& course, const CommandResult& result);
Next OnOfferTimer();

void EnterAnsweringCaller(Course& course);
Next AdvanceAnsweringCaller(Course& course);
Next OnAnswerResult(Course& course, OpenCommand& open, const CommandResult& result);
// A look showed this of the call.
void OnCallLookedAt(Course& course, Leg& leg, const CallFacts& facts);

void EnterDialingCaller(Course& course);
Next AdvanceDialingCaller(Course& course);

// The next look at an open question. subject: "conference" or the caller's leg, whose answer is of
// unknown fate, or for whose sight a dial is held.
void OnLookAgainTimer(Course& course, std::string_view subject);

}  // namespace callbridge::flow
