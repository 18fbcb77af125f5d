// The phases Offered, AnsweringCaller and DialingCaller. They last until the caller can be moved
// into the conference, or has been dialled into it. JoiningCaller, the last step of an incoming
// call, is in joining.h.
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
Next OnAnswerCallResult(Course& course, OpenCommand& open, const CommandResult& result);
// Answers the call, once more if need be, because a look showed that it still waits for that.
void OnCallLookedAt(Course& course, Leg& leg, const CallFacts& facts);

void EnterDialingCaller(Course& course);
Next AdvanceDialingCaller(Course& course);

// Sends the next look at an open question. subject: "conference" or the caller's leg. The leg is
// looked at if the fate of its answer is unknown, or if a dial is held until the caller is seen.
void OnLookAgainTimer(Course& course, std::string_view subject);

}  // namespace callbridge::flow
